package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Has the plan looked at that the coordinator keeps for a static leader that returns (KIP-814). The leader is not shown
 * it, and it may lack partitions: those created while the leader was away, and those that were given up for a second
 * round which nobody asks for, as who had to crashed. They would stay without an owner until the next rebalance. So the
 * coordinator is asked what is assigned, and the leader joins anew if a partition of the group's topics is not. Owned
 * by the loop's thread.
 */
final class KeptPlan {
    private enum Due implements Deadlines.Name {
        KEPT_PLAN
    }

    private final ClassicMember member;
    private final Coordinator coordinator;
    private final ClassicRebalance rebalance;
    private final Backoff backoff;

    private boolean underWay;
    private int failures;
    private long dueNanos;

    KeptPlan(ClassicMember member, Coordinator coordinator, ClassicRebalance rebalance, Backoff backoff) {
        this.member = member;
        this.coordinator = coordinator;
        this.rebalance = rebalance;
        this.backoff = backoff;
    }

    private boolean isToBeChecked() {
        return member.state() == ClassicState.STABLE && member.leadership.hasUncheckedPlan();
    }

    /** Asks the coordinator, if the plan is still to be looked at. */
    void check(Outbox outbox, long nowNanos) {
        if (underWay || !isToBeChecked() || !Deadline.passed(dueNanos, nowNanos)) {
            return;
        }
        Coordinator.Instance at = coordinator.reach(outbox, Purpose.CONTROL);
        if (at != null) {
            DescribeGroupRequest request = new DescribeGroupRequest(
                    at.node().id(),
                    member.settings.groupId(),
                    member.settings.timing().requestTimeoutNanos());
            underWay = outbox.send(
                    request, new PlanReply(at, member.identity.current().epoch()));
        }
    }

    void enterDeadlines(Deadlines deadlines, long nowNanos) {
        boolean backsOff = !underWay && isToBeChecked() && !Deadline.passed(dueNanos, nowNanos);
        deadlines.enter(Due.KEPT_PLAN, backsOff ? dueNanos : Deadline.NEVER);
    }

    private void again(long nowNanos) {
        dueNanos = Deadline.after(nowNanos, backoff.delayNanos(++failures));
    }

    private void done() {
        failures = 0;
        member.leadership.planChecked();
    }

    private final class PlanReply implements Reply<DescribeGroupResponse> {
        private final Coordinator.Instance at;
        private final int generation;

        PlanReply(Coordinator.Instance at, int generation) {
            this.at = at;
            this.generation = generation;
        }

        @Override
        public void answered(DescribeGroupResponse answer, long nowNanos) {
            underWay = false;
            if (!isToBeChecked() || member.identity.current().epoch() != generation) {
                return;
            }
            coordinator.putOff(answer.error(), nowNanos);
            switch (ClassicReaction.ofMember(answer.error())) {
                case BACK_OFF -> again(nowNanos);
                case FIND_COORDINATOR -> {
                    coordinator.forget(at, answer.error().name());
                    again(nowNanos);
                }
                default -> {
                    done();
                    if (answer.error() == BrokerError.NONE && answer.stable()) {
                        requireComplete(answer.assigned());
                    }
                }
            }
        }

        /** A group that is not stable gets another plan anyway. */
        private void requireComplete(Set<TopicPartition> assigned) {
            int missing = member.leadership.withoutOwner(assigned);
            if (missing > 0) {
                rebalance.requestRejoin("the plan that a returned leader goes on with lacks partitions: " + missing);
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            underWay = false;
            if (failure.isRefusal() || failure.kind().isAnswer()) {
                done();
            } else {
                again(nowNanos);
            }
        }
    }
}
