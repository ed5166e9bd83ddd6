package dev.surefoot.testkit.simulation.search;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a state: 128 bits over every private field of every object that is added, so that no part of the code
 * under test is omitted, whatever its class. {@link Rules} say what makes no difference to what follows.
 */
public final class Fingerprint {
    /** What of a state makes no difference to what follows, or makes one only relative to something else. */
    public interface Rules {
        /**
         * The number to hash in the place of this one.
         *
         * @param field the name of the field that has it, or null if none has
         */
        long relative(int value, @Nullable String field);

        /**
         * The number to hash in the place of this one, which may be a time.
         *
         * @param field the name of the field that has it, or null if none has
         */
        long relative(long value, @Nullable String field);

        /** The text to hash in the place of this one. */
        String relative(String text);

        /**
         * Adds an object that has a rule of its own.
         *
         * @param field the name of the field that has it, or null if none has
         * @return false if the object is still to be added in the usual way
         */
        boolean add(Fingerprint print, Object value, @Nullable String field);

        /** The fields that are hashed. */
        FieldChoice fields();

        /**
         * Whether an object that is reached again is hashed as the same one: needed where objects refer to each other
         * in circles. Records are values, and hashed whole in any case.
         */
        boolean recognisesObjects();
    }

    /** The fields of classes, but for those that make no difference to what follows. */
    public static final class FieldChoice {
        private final Set<String> leftOut;
        private final ClassValue<List<Field>> chosen = new ClassValue<>() {
            @Override
            protected List<Field> computeValue(Class<?> type) {
                return fieldsOf(type);
            }
        };

        /** @param leftOut names of fields, with the simple name of the class and a dot before them or without */
        public FieldChoice(Set<String> leftOut) {
            this.leftOut = leftOut;
        }

        private List<Field> fieldsOf(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    boolean isOut = leftOut.contains(field.getName())
                            || leftOut.contains(at.getSimpleName() + "." + field.getName());
                    if (!Modifier.isStatic(field.getModifiers()) && !isOut) {
                        field.setAccessible(true);
                        fields.add(field);
                    }
                }
            }
            return fields;
        }

        List<Field> of(Class<?> type) {
            return chosen.get(type);
        }
    }

    /** The hash of a state. */
    public record Key(long high, long low) {}

    private final Rules rules;
    private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
    private long high = 0x243F6A8885A308D3L;
    private long low = 0x13198A2E03707344L;

    public Fingerprint(Rules rules) {
        this.rules = rules;
    }

    /** The hash of all that was added. */
    public Key key() {
        return new Key(high, low);
    }

    public void add(boolean value) {
        mix(value ? 1 : 2);
    }

    public void add(int value) {
        mix(rules.relative(value, null));
    }

    public void add(long value) {
        mix(rules.relative(value, null));
    }

    public void add(@Nullable Object value) {
        add(value, null);
    }

    private void add(@Nullable Object value, @Nullable String field) {
        if (value == null) {
            mix(3);
        } else if (value instanceof Integer number) {
            add(number.intValue());
        } else if (value instanceof Long number) {
            add(number.longValue());
        } else if (value instanceof Short || value instanceof Byte) {
            mix(((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            add(truth.booleanValue());
        } else if (value instanceof String text) {
            mix(rules.relative(text).hashCode());
        } else if (isPlain(value)) {
            mix(value.hashCode());
        } else if (value instanceof Enum<?> constant) {
            mix(constant.name().hashCode());
        } else if (!rules.add(this, value, field)) {
            addParts(value);
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof Uuid
                || value instanceof TopicIdPartition
                || value instanceof TopicPartition
                || value instanceof ByteBuffer;
    }

    private void addParts(Object value) {
        if (value instanceof byte[] bytes) {
            mix(Arrays.hashCode(bytes));
        } else if (value instanceof long[] numbers) {
            for (long number : numbers) {
                add(number);
            }
        } else if (value instanceof Map<?, ?> map) {
            addMap(map);
        } else if (value instanceof Iterable<?> many) {
            addAll(many);
        } else {
            addFields(value);
        }
    }

    private void addMap(Map<?, ?> map) {
        mix(map.size());
        if (map instanceof LinkedHashMap || map instanceof SortedMap) {
            map.forEach((key, value) -> {
                add(key);
                add(value);
            });
        } else {
            anyOrder(map.entrySet());
        }
    }

    private void addAll(Iterable<?> many) {
        if (many instanceof Set && !(many instanceof LinkedHashSet || many instanceof SortedSet)) {
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

    /** Adds every field of an object that is not left out. */
    public void addFields(Object value) {
        Class<?> type = value.getClass();
        if (rules.recognisesObjects() && !type.isRecord()) {
            Integer number = seen.putIfAbsent(value, seen.size());
            if (number != null) {
                mix(-7_000L - number);
                return;
            }
        }
        mix(type.getName().hashCode());
        for (Field field : rules.fields().of(type)) {
            try {
                addField(value, field);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(field + " was made accessible", e);
            }
        }
    }

    private void addField(Object value, Field field) throws IllegalAccessException {
        Class<?> type = field.getType();
        if (type == int.class) {
            mix(rules.relative(field.getInt(value), field.getName()));
        } else if (type == long.class) {
            mix(rules.relative(field.getLong(value), field.getName()));
        } else if (type == boolean.class) {
            add(field.getBoolean(value));
        } else {
            add(field.get(value), field.getName());
        }
    }

    /** Adds a number as it is. */
    public void mix(long value) {
        high = (high ^ value) * 0x9E3779B97F4A7C15L;
        high ^= high >>> 29;
        low = (low + value) * 0xC2B2AE3D27D4EB4FL;
        low ^= low >>> 32;
    }
}
