package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.GroupCommits;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.world.Story;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** What one application commits and asks about commits, and whether somebody has woken it meanwhile. */
final class MemberCommits {
    private static final int AT_ONCE_MOST = 8;
    private static final Duration SOON = Duration.ofSeconds(2);

    private final String name;
    private final GroupCommits commits;
    private final GroupProtocolTerms terms;
    private final Story story;
    private final CommitLog log;
    private boolean isWoken;
    private int atOnce;
    private long denseUntilNanos;

    MemberCommits(String name, GroupCommits commits, GroupProtocolTerms terms, Story story) {
        this.name = name;
        this.commits = commits;
        this.terms = terms;
        this.story = story;
        this.log = new CommitLog(name);
    }

    /** Another thread is about to wake the consumer. */
    void wakes() {
        isWoken = true;
    }

    /** Checks that somebody has woken the consumer, which has thrown this. */
    void woken(WakeupException thrown) {
        if (!isWoken) {
            throw new Violation("X1", name + " was woken by nobody", thrown);
        }
        isWoken = false;
    }

    Map<TopicPartition, OffsetAndMetadata> consumed() {
        return commits.consumed();
    }

    /** Returns the position of one partition, or nothing for null. */
    Map<TopicPartition, OffsetAndMetadata> consumed(@Nullable TopicPartition partition) {
        Map<TopicPartition, OffsetAndMetadata> consumed = new HashMap<>(commits.consumed());
        consumed.keySet().retainAll(partition == null ? Set.of() : Set.of(partition));
        return consumed;
    }

    /** Commits and waits; in a listener a wake-up leaves this method, as it leaves the listener. */
    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, boolean inListener) {
        long sequence = log.begun();
        try {
            commits.commitSync(offsets, SOON);
            log.allBeforeHaveEnded(sequence);
        } catch (WakeupException e) {
            if (inListener) {
                throw e;
            }
            woken(e);
        } catch (KafkaException e) {
            story.tell(() -> "commit fails: " + e);
            terms.requireCommitFailure(e);
        }
    }

    void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        long sequence = log.asynchronous();
        commits.commitAsync(offsets, (committed, failure) -> {
            log.ended(sequence);
            if (failure != null) {
                story.tell(() -> "commit fails: " + failure);
                terms.requireCommitFailure(failure);
            }
        });
    }

    /** Has the program commit several times after each poll, until this time. */
    void beginDense(long amount, long untilNanos) {
        atOnce = 1 + (int) (amount % AT_ONCE_MOST);
        denseUntilNanos = untilNanos;
    }

    /** Whether the program commits after each poll now. */
    boolean areDense(long nowNanos) {
        return nowNanos < denseUntilNanos;
    }

    /** Commits all positions without waiting, several times, if that is to be now. */
    void commitDensely(long nowNanos) {
        for (int i = 0; i < atOnce && areDense(nowNanos); i++) {
            commitAsync(commits.consumed());
        }
    }

    void ask(TopicPartition partition) {
        try {
            commits.committed(Set.of(partition), SOON);
        } catch (WakeupException e) {
            woken(e);
        } catch (KafkaException e) {
            story.tell(() -> "question fails: " + e);
            terms.requireCommitFailure(e);
        }
    }

    /** Whether every commit has its outcome, so that a rebalance waits for none. */
    boolean haveAllEnded() {
        return log.haveAllEnded();
    }

    void closed() {
        log.closed();
    }
}
