package dev.surefoot.cli.doctor;

import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.consumer.Consumers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Reads the one record that comes next in each of some partitions, without a group and without a commit. It needs READ
 * on their topics.
 *
 * @param opening opens the consumer
 * @param settings how the cluster is reached
 * @param isolation how the group reads; records of open transactions are left out unless it reads those too
 * @param timeoutMs how long it may take
 * @param stop ends it early
 * @param clockMs a clock that never goes back, in milliseconds
 */
record NextRecordLook(
        Consumers.Opening opening,
        Map<String, Object> settings,
        Isolation isolation,
        long timeoutMs,
        Stop stop,
        LongSupplier clockMs) {

    private static final Duration STEP = Duration.ofMillis(100);

    /**
     * Reads at these offsets. A partition that is not in the answer did not answer in time.
     *
     * @param missing receives the topics that this user may not read
     */
    Map<TopicPartition, NextRecord> at(Map<TopicPartition, Long> offsets, SortedSet<String> missing) {
        Map<TopicPartition, NextRecord> found = new HashMap<>();
        if (offsets.isEmpty()) {
            return found;
        }
        Map<String, Object> config = new HashMap<>(settings);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, reading());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        Map<TopicPartition, Long> left = new HashMap<>(offsets);
        try (Consumer<byte[], byte[]> consumer = opening.open(config)) {
            long deadlineMs = clockMs.getAsLong() + timeoutMs;
            Map<TopicPartition, Long> ends = begin(consumer, left, missing);
            while (!left.isEmpty() && !stop.isAsked() && clockMs.getAsLong() < deadlineMs) {
                read(consumer, left, ends, found, missing);
            }
        } catch (KafkaException e) {
            missing.add("the next records of partitions that stand: " + FailureLine.lineOf(e));
        }
        return found;
    }

    private String reading() {
        return isolation == Isolation.READ_UNCOMMITTED ? "read_uncommitted" : "read_committed";
    }

    private Map<TopicPartition, Long> begin(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> left, SortedSet<String> missing) {
        while (true) {
            try {
                consumer.assign(left.keySet());
                left.forEach(consumer::seek);
                return consumer.endOffsets(left.keySet(), Duration.ofMillis(timeoutMs));
            } catch (TopicAuthorizationException e) {
                forget(e, consumer, left, missing);
            }
        }
    }

    private void read(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> left,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, NextRecord> found,
            SortedSet<String> missing) {
        try {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(STEP)) {
                TopicPartition partition = new TopicPartition(each.topic(), each.partition());
                if (left.remove(partition) != null) {
                    found.put(partition, of(each));
                    consumer.pause(List.of(partition));
                }
            }
            for (TopicPartition each : new ArrayList<>(left.keySet())) {
                Long end = ends.get(each);
                if (end != null && consumer.position(each, Duration.ofMillis(timeoutMs)) >= end) {
                    left.remove(each);
                    found.put(each, NextRecord.NONE);
                }
            }
        } catch (TopicAuthorizationException e) {
            forget(e, consumer, left, missing);
        }
    }

    private static NextRecord of(ConsumerRecord<byte[], byte[]> next) {
        return new NextRecord(
                true, next.offset(), next.timestamp(), next.serializedKeySize(), next.serializedValueSize());
    }

    private static void forget(
            TopicAuthorizationException refused,
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> left,
            SortedSet<String> missing) {
        Set<String> topics = refused.unauthorizedTopics();
        topics.forEach(each -> missing.add("READ on topic " + each + ", to see its next record"));
        boolean known = left.keySet().removeIf(each -> topics.contains(each.topic()));
        Set<TopicPartition> assigned = new HashSet<>(consumer.assignment());
        assigned.removeIf(each -> topics.contains(each.topic()));
        consumer.assign(assigned);
        if (!known) {
            throw refused;
        }
    }
}
