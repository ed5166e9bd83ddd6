package dev.surefoot.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.runtime.Assignors;
import dev.surefoot.runtime.RuntimeSettings;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** The builders of settings have defaults, so nothing but this notices that a key is not read. */
class ConfiguredSettingsTest {
    private static final Assignors EAGER = new Assignors(List.of(new RangeAssignor()));
    private static final Assignors COOPERATIVE = new Assignors(List.of(new CooperativeStickyAssignor()));

    /** Values of keys whose default is none. */
    private static final Map<String, Object> FIRST_VALUES = Map.of(
            "client.rack", "rack-1",
            "group.id", "group-1",
            "group.instance.id", "instance-1",
            "group.remote.assignor", "uniform",
            "enable.auto.commit", true);

    /** Values of keys for which the next number is none, or may be out of range. */
    private static final Map<String, Object> OTHER_VALUES = Map.ofEntries(
            Map.entry(OwnKeys.BUFFER_BYTES, 3_000_000L),
            Map.entry(OwnKeys.DECOMPRESSED_BATCH_MAX_BYTES, 3_000_000),
            Map.entry("client.id", "other"),
            Map.entry("client.rack", "rack-2"),
            Map.entry("group.id", "group-2"),
            Map.entry("group.instance.id", "instance-2"),
            Map.entry("group.remote.assignor", "range"),
            Map.entry("group.protocol", "consumer"),
            Map.entry("enable.auto.commit", false),
            Map.entry(OwnKeys.GROUP_LEASE_LAPSED, "stop"),
            Map.entry(OwnKeys.RECOVERY, "off"),
            Map.entry("isolation.level", "read_committed"),
            Map.entry("auto.offset.reset", "none"),
            Map.entry("metadata.recovery.strategy", "none"));

    @Test
    void everySettingComesFromAKey() {
        Map<String, Object> defaults = leaves(new ConfiguredSettings(configuration(false)).runtime(EAGER));
        Map<String, Object> changed = leaves(new ConfiguredSettings(configuration(true)).runtime(COOPERATIVE));

        assertThat(defaults).hasSizeGreaterThan(15);
        assertThat(changed)
                .hasSameSizeAs(defaults)
                .allSatisfy((setting, value) -> assertThat(value).as(setting).isNotEqualTo(defaults.get(setting)));
    }

    private static AbstractConfig configuration(boolean changed) {
        ConfigDef keys = OwnKeys.definition();
        Map<String, Object> values = new HashMap<>();
        keys.configKeys().forEach((name, key) -> {
            if (changed && OTHER_VALUES.containsKey(name)) {
                values.put(name, OTHER_VALUES.get(name));
            } else if (!changed && FIRST_VALUES.containsKey(name)) {
                values.put(name, FIRST_VALUES.get(name));
            } else if (!key.hasDefault()) {
                values.put(name, "org.apache.kafka.common.serialization.StringDeserializer");
            } else if (changed) {
                other(key.defaultValue).ifPresent(value -> values.put(name, value));
            }
        });
        return new AbstractConfig(keys, values, false);
    }

    /** Another value than the default, or empty if none can be guessed. */
    private static Optional<Object> other(Object value) {
        if (value instanceof Boolean flag) {
            return Optional.of(!flag);
        }
        if (value instanceof Integer number) {
            return Optional.of(number == Integer.MAX_VALUE ? number - 1 : number + 1);
        }
        if (value instanceof Long number) {
            return Optional.of(number + 1);
        }
        return Optional.empty();
    }

    /** The values in a record, and those in the records within it, by their names. */
    private static Map<String, Object> leaves(RuntimeSettings settings) {
        Map<String, Object> leaves = new HashMap<>();
        collect("", settings, leaves);
        return leaves;
    }

    private static void collect(String path, Object value, Map<String, Object> leaves) {
        Object[] components = value.getClass().getRecordComponents();
        if (components == null || components.length == 0) {
            leaves.put(path, value);
            return;
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                collect(
                        path + "/" + component.getName(),
                        component.getAccessor().invoke(value),
                        leaves);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError("cannot read " + component, e);
            }
        }
    }
}
