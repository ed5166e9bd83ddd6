package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The partitions that the user wants to read.
 *
 * @param topics the topics
 * @param only the partitions to read of each topic; all of them if it is empty
 */
record TopicPartitions(TopicChoice topics, Collection<Integer> only) {

    /**
     * Looks up the partitions.
     *
     * @throws CommandFailure if there is no topic, or one of the partitions does not exist in one of the topics
     */
    List<TopicPartition> find(Consumer<?, ?> consumer, Duration timeout, String cluster) {
        List<TopicPartition> found = new ArrayList<>();
        Collection<String> names = topics.names(consumer, timeout);
        if (names.isEmpty()) {
            throw CommandFailure.atRunTime(
                    "no topic at " + cluster + " matches --topic-pattern (or this client may not see it)");
        }
        for (String topic : names) {
            TreeSet<Integer> existing = existing(consumer, topic, timeout);
            if (existing.isEmpty()) {
                throw CommandFailure.atRunTime("there is no topic " + topic + " at " + cluster
                        + " (or this client may not see it); check the name");
            }
            for (int each : only.isEmpty() ? existing : new TreeSet<>(only)) {
                if (!existing.contains(each)) {
                    throw CommandFailure.atRunTime("topic " + topic + " has no partition " + each
                            + "; its partitions are " + existing.first() + " to " + existing.last());
                }
                found.add(new TopicPartition(topic, each));
            }
        }
        return found;
    }

    private static TreeSet<Integer> existing(Consumer<?, ?> consumer, String topic, Duration timeout) {
        TreeSet<Integer> existing = new TreeSet<>();
        try {
            List<PartitionInfo> known = consumer.partitionsFor(topic, timeout);
            if (known != null) {
                known.forEach(each -> existing.add(each.partition()));
            }
        } catch (UnknownTopicOrPartitionException e) {
            return new TreeSet<>();
        }
        return existing;
    }
}
