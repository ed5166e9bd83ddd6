package dev.surefoot.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topic id in Kafka's generated messages of OffsetCommit or OffsetFetch, which name topics by id from version 10
 * on. The messages of kafka-clients 4.0 have no such field, so handles that are resolved by name reach it; a class file
 * that named the methods would not link there. Immutable, safe from any thread.
 */
final class TopicIdField {
    /** The last version of both APIs that names topics by name. */
    static final short LAST_BY_NAME = 9;

    private final @Nullable MethodHandle setter;
    private final @Nullable MethodHandle getter;

    /**
     * @param requestTopic the class of a topic in the request
     * @param responseTopic the class of a topic in the answer
     */
    TopicIdField(Class<?> requestTopic, Class<?> responseTopic) {
        setter = find(requestTopic, "setTopicId", MethodType.methodType(requestTopic, Uuid.class));
        getter = find(responseTopic, "topicId", MethodType.methodType(Uuid.class));
    }

    private static @Nullable MethodHandle find(Class<?> topic, String method, MethodType type) {
        try {
            return MethodHandles.publicLookup().findVirtual(topic, method, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    /** Whether the generated messages have topic ids; if not, they have no version that needs them either. */
    boolean isPresent() {
        return setter != null && getter != null;
    }

    void set(Object requestTopic, Uuid topicId) {
        call(setter, requestTopic, topicId);
    }

    Uuid get(Object responseTopic) {
        return (Uuid) call(getter, responseTopic);
    }

    private static Object call(@Nullable MethodHandle method, Object... arguments) {
        if (method == null) {
            throw new IllegalStateException("The messages of this kafka-clients have no topic ids");
        }
        try {
            return method.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // a setter or getter that has checked exceptions
        }
    }

    /** The version to use: the highest, or if an id is not known the last one that names topics by name. */
    short version(short highest, Map<String, Uuid> topicIds, Collection<TopicPartition> partitions) {
        boolean known = partitions.stream()
                .allMatch(partition -> !topicIds.getOrDefault(partition.topic(), Uuid.ZERO_UUID)
                        .equals(Uuid.ZERO_UUID));
        return known && isPresent() ? highest : (short) Math.min(LAST_BY_NAME, highest);
    }

    /** The names of the topics of a request, to find them by the ids in its answer. */
    static Map<Uuid, String> names(Map<String, Uuid> topicIds) {
        Map<Uuid, String> names = new HashMap<>();
        topicIds.forEach((name, id) -> names.put(id, name));
        return names;
    }

    /** The name of the topic of the request that the answer names by this id. */
    static String name(Map<Uuid, String> names, Uuid topicId) {
        String name = names.get(topicId);
        if (name == null) {
            throw new MalformedResponseException("an answer about topic id " + topicId + ", which was not asked about");
        }
        return name;
    }
}
