package dev.surefoot.cli.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

/** The topics that the user wants to read: some by their names, or all whose names match a pattern. */
sealed interface TopicChoice {

    /**
     * Returns the names of the topics. Topics that the user has named may not exist.
     *
     * @param timeout how long the cluster may take to answer
     * @throws org.apache.kafka.common.errors.TimeoutException if it does not
     */
    Collection<String> names(Consumer<?, ?> consumer, Duration timeout);

    /** Subscribes to the topics. */
    void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener listener);

    /** Returns whether topics that do not exist yet may be among them. */
    boolean isOpen();

    /** Topics by their names. */
    record Named(Set<String> topics) implements TopicChoice {

        @Override
        public Collection<String> names(Consumer<?, ?> consumer, Duration timeout) {
            return topics;
        }

        @Override
        public void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener listener) {
            consumer.subscribe(topics, listener);
        }

        @Override
        public boolean isOpen() {
            return false;
        }
    }

    /** All topics whose whole names match, without Kafka's internal ones. */
    record Matching(Pattern pattern) implements TopicChoice {

        private static final Set<String> INTERNAL =
                Set.of("__consumer_offsets", "__transaction_state", "__share_group_state");

        @Override
        public Collection<String> names(Consumer<?, ?> consumer, Duration timeout) {
            return consumer.listTopics(timeout).keySet().stream()
                    .filter(each -> !INTERNAL.contains(each))
                    .filter(each -> pattern.matcher(each).matches())
                    .sorted()
                    .toList();
        }

        @Override
        public void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener listener) {
            consumer.subscribe(pattern, listener);
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    }
}
