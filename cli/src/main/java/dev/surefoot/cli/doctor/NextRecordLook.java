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
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads the one record that comes next in each of some partitions, without a group and without a commit. It needs READ
 * on their topics.
 *
 * @param opening opens the consumer
 * @param settings how the cluster is reached
 * @param timeoutMs how long a hundred partitions may take; all of them may take three times as long
 * @param stop ends it early
 * @param clockMs a clock that never goes back, in milliseconds
 */
record NextRecordLook(
        Consumers.Opening opening, Map<String, Object> settings, long timeoutMs, Stop stop, LongSupplier clockMs) {

    private static final Duration STEP = Duration.ofMillis(100);

    /** So many partitions are read at once: each may send a whole fetch. */
    private static final int BATCH = 100;

    /** All batches together may take so many times as long as one. */
    private static final int TIMES_MAX = 3;

    /**
     * Reads at these offsets. A partition that is not in the answer was not reached, or did not answer in time.
     *
     * @param uncommitted whether to read records of open transactions too
     * @param missing receives what could not be read, and why
     */
    Map<TopicPartition, NextRecord> at(Map<TopicPartition, Long> offsets, boolean uncommitted, NotSeen missing) {
        Map<TopicPartition, NextRecord> found = new HashMap<>();
        if (offsets.isEmpty()) {
            return found;
        }
        Map<String, Object> config = new HashMap<>(settings);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, uncommitted ? "read_uncommitted" : "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        long lastMs = clockMs.getAsLong() + TIMES_MAX * timeoutMs;
        try (Consumer<byte[], byte[]> consumer = opening.open(config)) {
            stop.toWake(consumer::wakeup);
            List<TopicPartition> all = new ArrayList<>(offsets.keySet());
            for (int i = 0; i < all.size() && mayGoOn(lastMs); i += BATCH) {
                Map<TopicPartition, Long> batch = new HashMap<>();
                all.subList(i, Math.min(all.size(), i + BATCH)).forEach(each -> batch.put(each, offsets.get(each)));
                read(consumer, batch, lastMs, found, missing);
            }
        } catch (WakeupException e) {
            return found;
        } catch (RuntimeException e) {
            // Whatever a plug-in of the configuration throws: the rest of the report does not depend on it.
            missing.add("the next records of partitions that stand: " + FailureLine.lineOf(e));
        } finally {
            stop.toWake(() -> {});
        }
        return found;
    }

    private boolean mayGoOn(long lastMs) {
        return !stop.isAsked() && clockMs.getAsLong() < lastMs;
    }

    /** Reads at these offsets; if one of them cannot be read, the others are read without it. */
    private void read(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> batch,
            long lastMs,
            Map<TopicPartition, NextRecord> found,
            NotSeen missing) {
        Map<TopicPartition, Long> left = new HashMap<>(batch);
        try {
            long deadlineMs = Math.min(lastMs, clockMs.getAsLong() + timeoutMs);
            Map<TopicPartition, Long> ends = begin(consumer, left, missing);
            while (!left.isEmpty() && mayGoOn(deadlineMs)) {
                read(consumer, left, ends, found, missing);
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            if (left.size() <= 1) {
                left.keySet().forEach(each -> missing.add("the next record of " + each + ": " + FailureLine.lineOf(e)));
                return;
            }
            List<TopicPartition> each = new ArrayList<>(left.keySet());
            for (List<TopicPartition> half :
                    List.of(each.subList(0, each.size() / 2), each.subList(each.size() / 2, each.size()))) {
                if (mayGoOn(lastMs)) {
                    Map<TopicPartition, Long> halfOf = new HashMap<>(left);
                    halfOf.keySet().retainAll(half);
                    read(consumer, halfOf, lastMs, found, missing);
                }
            }
        }
    }

    private Map<TopicPartition, Long> begin(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> left, NotSeen missing) {
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
            NotSeen missing) {
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
            NotSeen missing) {
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
