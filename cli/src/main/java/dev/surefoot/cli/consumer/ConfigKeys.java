package dev.surefoot.cli.consumer;

import dev.surefoot.SurefootConfig;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SecurityConfig;

/**
 * The configuration keys that the command knows: which exist, which key was probably meant, and who may read an unknown
 * one.
 */
public final class ConfigKeys {

    /** Keys with these prefixes may have any suffix. */
    private static final List<String> OPEN_PREFIXES = List.of(
            // The consumer itself refuses a misspelt key of its own, and names the right one.
            SurefootConfig.PREFIX,
            AbstractConfig.CONFIG_PROVIDERS_CONFIG + ".",
            CommonClientConfigs.METRICS_CONTEXT_PREFIX);

    private static final Set<String> KNOWN = SurefootConfig.configDef().names();

    /** Keys with lists of classes whose type is not that of a list of classes. */
    private static final Set<String> CLASS_LISTS = Set.of(
            CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG,
            "interceptor.classes",
            SecurityConfig.SECURITY_PROVIDERS_CONFIG);

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    /** The number of wrong characters that count as a misspelling: a plug-in's own key may resemble a standard one. */
    private static final int SLIP = 2;

    private ConfigKeys() {}

    /** Returns whether the consumer has this key. */
    public static boolean isKnown(String key) {
        return KNOWN.contains(key) || OPEN_PREFIXES.stream().anyMatch(key::startsWith);
    }

    /** Returns whether this is a key of Kafka's producer or admin client, and not of a consumer. */
    public static boolean isOfAnotherClient(String key) {
        return !isKnown(key)
                && (ProducerConfig.configNames().contains(key)
                        || AdminClientConfig.configNames().contains(key));
    }

    /** Returns the known key that an unknown one resembles, if there is one. */
    public static Optional<String> nearest(String key) {
        return Optional.of(nearestKnown(key)).filter(known -> distance(key, known) <= allowed(key, known));
    }

    /** Returns whether a class in this configuration, not one of Kafka's, may read an unknown key. */
    public static boolean mayBelongToPlugIn(String key, Map<String, ?> settings) {
        return distance(key, nearestKnown(key)) > SLIP && namesForeignClass(settings);
    }

    private static boolean namesForeignClass(Map<String, ?> settings) {
        Map<String, ConfigDef.ConfigKey> keys = SurefootConfig.configDef().configKeys();
        Set<String> classKeys = new HashSet<>(CLASS_LISTS);
        keys.values().stream()
                .filter(each -> each.type == ConfigDef.Type.CLASS)
                .forEach(each -> classKeys.add(each.name));
        return settings.entrySet().stream()
                .filter(each -> classKeys.contains(each.getKey()))
                .flatMap(each -> Stream.of(String.valueOf(each.getValue()).split(",")))
                .map(String::strip)
                .anyMatch(each -> !each.isEmpty() && !each.startsWith("org.apache.kafka."));
    }

    private static String nearestKnown(String key) {
        return KNOWN.stream()
                .min(Comparator.<String>comparingInt(known -> distance(key, known))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /**
     * Returns how many wrong characters a misspelling may have: one in five, which is enough for a slip or two, and too
     * few for another word.
     */
    private static int allowed(String key, String known) {
        return Math.max(key.length(), known.length()) / 5;
    }

    /** Returns the number of wrong characters. Case and the usual separators do not count. */
    private static int distance(String key, String known) {
        return DISTANCE.apply(
                key.strip().toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.'), known);
    }
}
