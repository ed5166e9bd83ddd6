package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.console.Notices;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Commits the offsets behind what the output has taken, and never more. Used by one thread. */
final class PrintedCommits {

    private final Consumer<?, ?> consumer;
    private final CommitMode mode;
    private final long intervalMs;
    private final Duration timeout;
    private final Clock clock;
    private final Notices notices;

    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private long lastMs;

    /**
     * @param intervalMs the time between two commits while reading goes on, in milliseconds
     * @param timeout how long a commit may take that reading waits for
     */
    PrintedCommits(
            Consumer<?, ?> consumer, CommitMode mode, long intervalMs, Duration timeout, Clock clock, Notices notices) {
        this.consumer = consumer;
        this.mode = mode;
        this.intervalMs = intervalMs;
        this.timeout = timeout;
        this.clock = clock;
        this.notices = notices;
        this.lastMs = clock.millis();
    }

    /** Returns whether the interval has passed, if there is one. */
    boolean isDue() {
        return mode == CommitMode.INTERVAL && clock.millis() - lastMs >= intervalMs;
    }

    /** Commits these offsets while reading goes on. A failure is told; the next commit repeats it. */
    void commitMeanwhile(Map<TopicPartition, OffsetAndMetadata> written) {
        lastMs = clock.millis();
        Map<TopicPartition, OffsetAndMetadata> offsets = uncommitted(written);
        if (offsets.isEmpty()) {
            return;
        }
        consumer.commitAsync(offsets, (sent, failure) -> {
            if (failure == null) {
                committed.putAll(sent);
            } else {
                notices.print(complaint(sent, failure));
            }
        });
    }

    /**
     * Commits the offsets of partitions that are about to be given back. A failure is told.
     *
     * @throws WakeupException if the command is asked to stop meanwhile; the offsets are committed nevertheless
     */
    void commitGivenBack(Map<TopicPartition, OffsetAndMetadata> written) {
        try {
            commit(written);
        } catch (WakeupException e) {
            commitLast(written);
            throw e;
        } catch (KafkaException e) {
            notices.print(complaint(written, e));
        }
    }

    /**
     * Commits these offsets at the end, whether or not the command is asked to stop meanwhile.
     *
     * @throws CommandFailure if they could not be committed
     */
    void commitLast(Map<TopicPartition, OffsetAndMetadata> written) {
        try {
            commit(written);
        } catch (WakeupException e) {
            commitLast(written);
        } catch (KafkaException e) {
            throw CommandFailure.atRunTime(complaint(written, e), e);
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> written) {
        Map<TopicPartition, OffsetAndMetadata> offsets = mode == CommitMode.NONE ? Map.of() : uncommitted(written);
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets, timeout);
            committed.putAll(offsets);
        }
    }

    /** Forgets partitions that belong to others from now on. */
    void forget(Iterable<TopicPartition> partitions) {
        partitions.forEach(committed::remove);
    }

    private Map<TopicPartition, OffsetAndMetadata> uncommitted(Map<TopicPartition, OffsetAndMetadata> written) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(written);
        offsets.entrySet().removeIf(each -> each.getValue().equals(committed.get(each.getKey())));
        return offsets;
    }

    private static String complaint(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
        return "the offsets of " + PartitionsText.of(offsets.keySet())
                + " are not committed, so the group will read some records again: " + FailureLine.lineOf(failure);
    }
}
