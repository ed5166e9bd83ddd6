package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.handover.MemberIdentity;
import java.time.Duration;
import java.util.ArrayDeque;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Takes note of what happens to a member and to its commits, for {@link GroupView}. It changes nothing. Owned by the
 * loop's thread.
 */
public final class GroupWatch implements GroupEvent.Visitor {
    private static final long WINDOW_NANOS = Duration.ofMinutes(10).toNanos();

    /** More rebalances within the window than this are not counted. */
    private static final int REBALANCES_MAX = 1_000;

    private final long maxPollNanos;

    private MemberPhase phase = MemberPhase.OUTSIDE;
    private long phaseNanos;
    private long nowNanos;
    private long lastPollNanos = Turn.NEVER_POLLED;

    private final ArrayDeque<Long> rebalances = new ArrayDeque<>();
    private @Nullable KafkaException failure;
    private boolean evicted;

    private int commitFailures;
    private long commitsFailingNanos;
    private @Nullable KafkaException commitFailure;

    /** @param settings how this consumer takes part in its group */
    public GroupWatch(GroupSettings settings) {
        this.maxPollNanos = settings.timing().maxPollIntervalNanos();
    }

    /** Takes note of a turn. */
    public void look(MemberPhase now, Turn turn) {
        nowNanos = turn.nowNanos();
        lastPollNanos = turn.lastPollNanos();
        if (now != phase) {
            phase = now;
            phaseNanos = nowNanos;
        }
    }

    /** The application's next poll throws this. */
    public void raised(KafkaException cause) {
        failure = cause;
    }

    /**
     * The outcome of a commit was told.
     *
     * @param atNanos when, in nanoseconds of the loop's clock
     */
    public void commitSettled(@Nullable KafkaException outcome, long atNanos) {
        if (outcome == null) {
            commitFailures = 0;
        } else if (commitFailures++ == 0) {
            commitsFailingNanos = atNanos;
        }
        commitFailure = outcome;
    }

    /** What is known now. */
    public GroupView view(MemberIdentity identity, CoordinatorStanding coordinator, int owned) {
        while (!rebalances.isEmpty() && nowNanos - rebalances.element() > WINDOW_NANOS) {
            rebalances.remove();
        }
        return new GroupView(
                identity,
                phase,
                phaseNanos,
                coordinator,
                owned,
                rebalances.size(),
                failure,
                evicted,
                new GroupView.Committing(commitFailures, commitsFailingNanos, commitFailure));
    }

    @Override
    public void rebalanceEnded(GroupEvent.RebalanceEnded event) {
        if (event.failed()) {
            return;
        }
        failure = null;
        evicted = false;
        if (rebalances.size() < REBALANCES_MAX) {
            rebalances.add(nowNanos);
        }
    }

    @Override
    public void membershipEnded(GroupEvent.MembershipEnded event) {
        evicted = lastPollNanos != Turn.NEVER_POLLED && nowNanos - lastPollNanos >= maxPollNanos;
    }

    @Override
    public void coordinatorFound(GroupEvent.CoordinatorFound event) {
        // The coordinator's standing says it.
    }

    @Override
    public void coordinatorLost(GroupEvent.CoordinatorLost event) {
        // The coordinator's standing says it.
    }

    @Override
    public void rebalanceStarted(GroupEvent.RebalanceStarted event) {
        // The phase says it.
    }

    @Override
    public void heartbeatSent(GroupEvent.HeartbeatSent event) {
        // It says nothing about progress.
    }

    @Override
    public void requestEnded(GroupEvent.RequestEnded event) {
        // It says nothing about progress.
    }

    @Override
    public void roundFailed(GroupEvent.RoundFailed event) {
        // The next round shows in the phase.
    }

    @Override
    public void offsetUnstable(GroupEvent.OffsetUnstable event) {
        // Asked for by partition.
    }

    @Override
    public void leaseLapsed(GroupEvent.LeaseLapsed event) {
        // The coordinator's connection says why.
    }

    @Override
    public void offsetsOutdated(GroupEvent.OffsetsOutdated event) {
        // It says nothing about progress.
    }
}
