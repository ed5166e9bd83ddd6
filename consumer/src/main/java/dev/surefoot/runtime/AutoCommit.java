package dev.surefoot.runtime;

import dev.surefoot.core.time.Deadline;
import dev.surefoot.net.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Commits by itself what the application has consumed ({@code enable.auto.commit}): records of polls that have ended.
 * Owned by the application's thread.
 */
final class AutoCommit {
    private final GroupOptions options;
    private final GroupCommits commits;
    private final Clock clock;
    private final EventLog log;
    private final long retryBackoffNanos;
    private long dueNanos;
    private boolean outstanding;

    AutoCommit(GroupOptions options, GroupCommits commits, Clock clock, EventLog log, long retryBackoffNanos) {
        this.options = options;
        this.commits = commits;
        this.clock = clock;
        this.log = log;
        this.retryBackoffNanos = retryBackoffNanos;
        restart();
    }

    boolean isOn() {
        return options.autoCommit();
    }

    /** Other partitions are assigned: the next commit is due one interval from now. */
    void assignmentChanged() {
        commits.assignmentChanged();
        restart();
    }

    private void restart() {
        dueNanos = Deadline.after(clock.nanos(), options.autoCommitIntervalNanos());
    }

    private boolean isDue() {
        return isOn() && !outstanding && Deadline.passed(dueNanos, clock.nanos());
    }

    /**
     * Commits everything consumed if the interval has passed, but for positions that this consumer has stored already.
     * Called before a poll takes records.
     */
    void commitIfDue() {
        if (isDue()) {
            restart();
            commitUnstored();
        }
    }

    /**
     * Commits what is kept in a rebalance as it is before it, whether the interval has passed or not: programs look for
     * that, as {@code KafkaConsumer} does it. Nothing waits for it.
     */
    void commitKept() {
        if (isOn() && !outstanding) {
            commitUnstored();
        }
    }

    private void commitUnstored() {
        Map<TopicPartition, OffsetAndMetadata> consumed = commits.takeUnstored();
        if (consumed.isEmpty()) {
            return;
        }
        outstanding = true;
        commits.commitInBackground(consumed, (offsets, failure) -> {
            outstanding = false;
            if (failure instanceof RetriableException) {
                dueNanos = Deadline.after(clock.nanos(), retryBackoffNanos);
            }
            if (failure != null) {
                log.commitFailed(offsets, failure);
            }
        });
    }

    /** What to commit before these partitions are given up: of everything if the interval has passed. */
    Map<TopicPartition, OffsetAndMetadata> beforeRevocation(Set<TopicPartition> revoked) {
        if (isDue()) {
            restart();
            return commits.consumed();
        }
        return new HashMap<>(commits.consumed(revoked));
    }
}
