package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a state: 128 bits over every private field of every object that is added, so that no part of a session is
 * omitted, whatever its class. Values whose shift does not change what follows are recognised by their range and made
 * relative:
 * <ul>
 * <li>times: only whether they are ahead, recent or at least one step of time ago,
 * <li>session ids: in the order in which they occur,
 * <li>epochs: how far they are from the one that the broker expects in the session named last.
 * </ul>
 */
final class Fingerprint {
    /** Numbers from here on are times: the virtual clock starts above this. */
    static final long TIMES_FROM = 1L << 50;

    /** Numbers from here on are epochs, in worlds whose sessions start there. */
    static final int EPOCHS_FROM = 1_000_000;

    /** Numbers from here on are session ids. They are random, so hardly any is below. */
    private static final int SESSION_IDS_FROM = 2_000_000;

    /** Numbers from here on are the last epochs before the wrap-around, at which sessions behave differently. */
    private static final int EPOCHS_END_FROM = Integer.MAX_VALUE - 100;

    /** Fields that have no influence on what happens in a small world. */
    private static final Set<String> LEFT_OUT =
            Set.of("createdNanos", "lastUsedNanos", "ageWhenUsed", "sizeWhenUsed", "enabled", "auditIntervalNanos");

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return fieldsOf(type);
        }
    };

    /** The hash of a state. */
    record Key(long high, long low) {}

    private final ModelBroker broker;
    private final long nowNanos;
    private final long stepNanos;
    private final List<Integer> sessionIds = new ArrayList<>();
    private @Nullable BrokerSession lastNamed;
    private long high = 0x243F6A8885A308D3L;
    private long low = 0x13198A2E03707344L;

    Fingerprint(ModelBroker broker, long nowNanos, long stepNanos) {
        this.broker = broker;
        this.nowNanos = nowNanos;
        this.stepNanos = stepNanos;
    }

    private static List<Field> fieldsOf(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !LEFT_OUT.contains(field.getName())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    /** Adds the broker's sessions that were named so far, and returns the hash. */
    Key finish() {
        for (int i = 0; i < sessionIds.size(); i++) {
            BrokerSession session = broker.sessions().get(sessionIds.get(i));
            mix(i);
            if (session != null) {
                add(session);
            }
        }
        return new Key(high, low);
    }

    void add(boolean value) {
        mix(value ? 1 : 2);
    }

    void add(int value) {
        if (value >= SESSION_IDS_FROM && value < EPOCHS_END_FROM) {
            lastNamed = broker.sessions().get(value);
            if (!sessionIds.contains(value)) {
                sessionIds.add(value);
            }
            mix(-1_000L - sessionIds.indexOf(value));
        } else if (value >= EPOCHS_FROM && value < SESSION_IDS_FROM) {
            mix(lastNamed == null ? -500 : -100L + value - lastNamed.epoch());
        } else {
            mix(value);
        }
    }

    void add(long value) {
        if (Math.abs(value) < TIMES_FROM) {
            mix(value);
        } else if (value > nowNanos) {
            mix(-10);
        } else {
            mix(value < 0 || value <= nowNanos - stepNanos ? -12 : -11);
        }
    }

    void add(@Nullable Object value) {
        if (value == null || value instanceof Lease || value instanceof ModelBroker || value instanceof Backoff) {
            mix(3);
        } else if (value instanceof FetchTarget target) {
            mix(target.fetchOffset());
            mix(((long) target.currentLeaderEpoch() << Integer.SIZE) | (target.lastFetchedEpoch() & 0xFFFFFFFFL));
        } else if (value instanceof Integer number) {
            add(number.intValue());
        } else if (value instanceof Long number) {
            add(number.longValue());
        } else if (value instanceof Short number) {
            mix(number.longValue());
        } else if (value instanceof Boolean truth) {
            add(truth.booleanValue());
        } else if (isPlain(value)) {
            mix(value.hashCode());
        } else if (value instanceof Enum<?> constant) {
            mix(constant.name().hashCode());
        } else if (value instanceof Map<?, ?> map) {
            addMap(map);
        } else if (value instanceof Iterable<?> many) {
            addAll(many);
        } else {
            addFields(value);
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof String
                || value instanceof Uuid
                || value instanceof TopicIdPartition
                || value instanceof TopicPartition
                || value instanceof ByteBuffer;
    }

    private void addMap(Map<?, ?> map) {
        mix(map.size());
        if (map instanceof LinkedHashMap) {
            map.forEach((key, value) -> {
                add(key);
                add(value);
            });
        } else {
            anyOrder(map.entrySet());
        }
    }

    private void addAll(Iterable<?> many) {
        if (many instanceof Set && !(many instanceof LinkedHashSet)) {
            anyOrder(many);
        } else {
            many.forEach(this::add);
            mix(4);
        }
    }

    /** Adds the elements in any order: the iteration order of such a collection is arbitrary. */
    private void anyOrder(Iterable<?> many) {
        long highBefore = high;
        long lowBefore = low;
        long highSum = 0;
        long lowSum = 0;
        for (Object one : many) {
            high = highBefore;
            low = lowBefore;
            if (one instanceof Map.Entry<?, ?> entry) {
                add(entry.getKey());
                add(entry.getValue());
            } else {
                add(one);
            }
            highSum += high;
            lowSum += low;
        }
        mix(highSum);
        mix(lowSum);
    }

    private void addFields(Object value) {
        mix(value.getClass().getName().hashCode());
        for (Field field : FIELDS.get(value.getClass())) {
            try {
                Class<?> type = field.getType();
                if (type == int.class) {
                    add(field.getInt(value));
                } else if (type == long.class) {
                    add(field.getLong(value));
                } else if (type == boolean.class) {
                    add(field.getBoolean(value));
                } else {
                    add(field.get(value));
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + " was made accessible", e);
            }
        }
    }

    private void mix(long value) {
        high = (high ^ value) * 0x9E3779B97F4A7C15L;
        high ^= high >>> 29;
        low = (low + value) * 0xC2B2AE3D27D4EB4FL;
        low ^= low >>> 32;
    }
}
