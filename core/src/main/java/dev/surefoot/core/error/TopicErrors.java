package dev.surefoot.core.error;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Collects the lasting errors of topics in one answer, and makes the one exception that {@code KafkaConsumer} throws
 * for them. Owned by one question, on the loop's thread.
 */
public final class TopicErrors {
    private final Map<String, KafkaException> others = new TreeMap<>();
    private final Set<String> unauthorized = new TreeSet<>();
    private final Set<String> invalid = new TreeSet<>();

    /**
     * Adds a topic's error.
     *
     * @param code the code that the broker sent; the message has it if this version does not know the error
     */
    public void add(String topic, BrokerError error, short code) {
        add(topic, error, code, "Asking for topic '" + topic + "'");
    }

    /**
     * Adds the error of one partition.
     *
     * @param asking what was asked of which broker, for the message
     */
    public void add(TopicPartition partition, BrokerError error, short code, String asking) {
        add(partition.topic(), error, code, asking);
    }

    private void add(String topic, BrokerError error, short code, String asking) {
        if (error == BrokerError.TOPIC_AUTHORIZATION_FAILED) {
            unauthorized.add(topic);
        } else if (error == BrokerError.INVALID_TOPIC_EXCEPTION) {
            invalid.add(topic);
        } else {
            others.put(topic, error.exception(asking, code));
        }
    }

    /** Whether no error was added. */
    public boolean isEmpty() {
        return unauthorized.isEmpty() && invalid.isEmpty() && others.isEmpty();
    }

    /** The topics with errors. */
    public Set<String> topics() {
        Set<String> topics = new TreeSet<>(unauthorized);
        topics.addAll(invalid);
        topics.addAll(others.keySet());
        return topics;
    }

    /** Returns the errors of these topics. */
    public TopicErrors of(Set<String> topics) {
        TopicErrors some = new TopicErrors();
        some.unauthorized.addAll(unauthorized);
        some.unauthorized.retainAll(topics);
        some.invalid.addAll(invalid);
        some.invalid.retainAll(topics);
        some.others.putAll(others);
        some.others.keySet().retainAll(topics);
        return some;
    }

    /**
     * Returns the exception for the gravest error. It names all topics with that error.
     *
     * @throws java.util.NoSuchElementException if there is no error
     */
    public KafkaException exception() {
        if (!unauthorized.isEmpty()) {
            return new TopicAuthorizationException(new TreeSet<>(unauthorized));
        }
        if (!invalid.isEmpty()) {
            return new InvalidTopicException("Invalid topics: " + invalid, new TreeSet<>(invalid));
        }
        return others.values().iterator().next();
    }
}
