package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a partition which stays with a member goes on as if there were no rebalance: no fetch forgets it or
 * reads from an earlier offset (G6), and what can be read is given without a pause (G40). Judges only runs in which
 * nothing but the group is disturbed, and partitions that the application has neither sought nor paused.
 *
 * <p>A partition about to be revoked is still owned, and is fetched no more. So a breach is a suspicion at first, and a
 * violation when it shows that the partition has stayed.
 */
final class KeptPartitions {
    /** The longest that a record may wait for polls which could have returned it: two waits of a fetch, and a poll. */
    private static final long PAUSE_MOST_NANOS = 1_600_000_000L;

    /** The longest that the listener may wait for a commit before it is told of a revocation, and some more. */
    private static final long REVOCATION_MOST_NANOS = 6_000_000_000L;

    private final MemberLedger member;
    private final GroupLedger group;
    private final boolean isJudged;
    /** Owned partitions that a broker was told to forget. */
    private final Map<TopicPartition, Ownership> forgotten = new HashMap<>();

    private long enteredNanos;
    private long calledNanos;
    /** How long calls of the listener have lasted in the present call of the consumer. */
    private long listenedNanos;
    /** How long calls of the consumer have lasted, without those of the listener. */
    private long readingNanos;

    KeptPartitions(MemberLedger member, GroupLedger group) {
        this.member = member;
        this.group = group;
        this.isJudged = group.terms().isFetchingUndisturbed();
    }

    /** The application calls poll, unsubscribe or close. */
    void entered() {
        enteredNanos = group.nowNanos();
        listenedNanos = 0;
    }

    /** The listener is called. */
    void called() {
        calledNanos = group.nowNanos();
    }

    /** The listener has returned. */
    void returned() {
        listenedNanos += group.nowNanos() - calledNanos;
    }

    /** The application does something by which fetching a partition may stop; null if it is not owned. */
    void heldUp(@Nullable Ownership ownership) {
        if (ownership != null) {
            ownership.isHeldUp = true;
        }
    }

    /** A fetch leaves. One that audits partitions has them forgotten in order to announce them anew (I24). */
    void fetches(FetchPlan plan) {
        if (isJudged && !plan.immediate()) {
            compare(plan);
        }
    }

    private void compare(FetchPlan plan) {
        plan.forgotten().forEach(key -> {
            Ownership kept = steady(key.topicPartition());
            // An ownership that has not been fetched from ends what an earlier one has left in the session.
            if (kept != null && kept.fetched != Ownership.UNKNOWN) {
                forgotten.put(key.topicPartition(), kept);
            }
        });
        plan.partitions().forEach((key, target) -> {
            Ownership kept = steady(key.topicPartition());
            boolean wasForgotten = kept != null && forgotten.remove(key.topicPartition()) == kept;
            if (wasForgotten) {
                throw new Violation(
                        "G6", member + " has had a broker forget, and fetches again, what it keeps: " + kept);
            }
            if (kept != null && target.fetchOffset() < kept.fetched) {
                throw new Violation(
                        "G6",
                        member + " fetches offset " + target.fetchOffset() + " again, and was at " + kept.fetched + ": "
                                + kept);
            }
            if (kept != null) {
                kept.fetched = target.fetchOffset();
            }
        });
    }

    private @Nullable Ownership steady(TopicPartition partition) {
        Ownership ownership = member.ownership(partition);
        return ownership == null || !isSteady(ownership) ? null : ownership;
    }

    private static boolean isSteady(Ownership ownership) {
        return !ownership.isSought && !ownership.isHeldUp && !ownership.isForfeited && !ownership.isOfAnotherTopic;
    }

    /** The call of the consumer has ended. */
    void left(Collection<Ownership> owned) {
        readingNanos += group.nowNanos() - enteredNanos - listenedNanos;
        if (isJudged) {
            await(owned);
        }
    }

    /** Notes which records polls could have returned, and for how long. */
    private void await(Collection<Ownership> owned) {
        for (Ownership ownership : owned) {
            LogRecord first = ownership.next == Ownership.UNKNOWN || !isSteady(ownership)
                    ? null
                    : group.progress().firstVisible(ownership.log, ownership.next);
            if (first == null) {
                ownership.awaited = Ownership.UNKNOWN;
            } else if (first.offset() != ownership.awaited) {
                ownership.awaited = first.offset();
                ownership.awaitedSinceNanos = readingNanos;
            } else if (readingNanos - ownership.awaitedSinceNanos > PAUSE_MOST_NANOS) {
                ownership.hasPaused = true;
                if (readingNanos - ownership.awaitedSinceNanos > REVOCATION_MOST_NANOS) {
                    stays(ownership);
                }
            }
        }
    }

    /** What is given, or still owned when the listener is told of others, has stayed. Who leaves keeps nothing. */
    void stays(Ownership ownership) {
        if (!isJudged || member.isLeaving() || !isSteady(ownership)) {
            return;
        }
        if (forgotten.get(ownership.name) == ownership) {
            throw new Violation("G6", member + " has had a broker forget what it keeps: " + ownership);
        }
        if (ownership.hasPaused) {
            throw new Violation(
                    "G40", member + " was not given offset " + ownership.awaited + " of what it keeps: " + ownership);
        }
    }
}
