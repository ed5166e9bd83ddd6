package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayDeque;

/**
 * Memberships that have ended here and of which the coordinator is to be told (classic protocol). Each is told once,
 * over the control connection, and no outcome changes anything: a member that the coordinator was not told of ends with
 * its session. Owned by the loop's thread.
 */
final class PendingLeaves {
    private enum Due implements Deadlines.Name {
        /** A leave that found no coordinator is given up. */
        LEAVE_GIVEN_UP
    }

    private record Leave(String memberId, String reason, long giveUpAtNanos) {}

    private static final int REASON_CHARACTERS_MAX = 255;

    private final String groupId;
    private final long requestTimeoutNanos;
    private final Coordinator coordinator;
    private final ArrayDeque<Leave> waiting = new ArrayDeque<>();
    private int underWay;

    PendingLeaves(String groupId, long requestTimeoutNanos, Coordinator coordinator) {
        this.groupId = groupId;
        this.requestTimeoutNanos = requestTimeoutNanos;
        this.coordinator = coordinator;
    }

    /** @param giveUpAtNanos when the leave is of no use any more */
    void add(String memberId, String reason, long giveUpAtNanos) {
        waiting.add(new Leave(memberId, cut(reason), giveUpAtNanos));
    }

    /** At most as many characters as the protocol allows a reason (KIP-800). */
    static String cut(String reason) {
        return reason.length() <= REASON_CHARACTERS_MAX ? reason : reason.substring(0, REASON_CHARACTERS_MAX);
    }

    /** Gives up those that wait for a coordinator to be found. */
    void cancelWaiting() {
        waiting.clear();
    }

    /** Whether one waits to be sent or for its answer. */
    boolean isUnderWay() {
        return underWay > 0 || !waiting.isEmpty();
    }

    /** Sends what can be sent, and gives up what cannot be sent any more. */
    void send(Outbox outbox, long nowNanos) {
        waiting.removeIf(leave -> Deadline.passed(leave.giveUpAtNanos(), nowNanos));
        if (waiting.isEmpty()) {
            return;
        }
        Coordinator.Instance at = coordinator.instance();
        if (at == null) {
            coordinator.look();
            return;
        }
        int nodeId = at.node().id();
        while (!waiting.isEmpty() && outbox.readiness(nodeId, Purpose.CONTROL).isReady()) {
            Leave leave = waiting.element();
            LeaveGroupRequest request =
                    new LeaveGroupRequest(nodeId, groupId, leave.memberId(), leave.reason(), requestTimeoutNanos);
            if (!outbox.send(request, new LeaveReply())) {
                return;
            }
            underWay++;
            waiting.remove();
        }
        if (outbox.readiness(nodeId, Purpose.CONTROL).failure() != null) {
            waiting.clear();
        }
    }

    void enterDeadlines(Deadlines deadlines) {
        for (Leave leave : waiting) {
            deadlines.enter(Due.LEAVE_GIVEN_UP, leave.giveUpAtNanos());
        }
    }

    private final class LeaveReply implements Reply<LeaveGroupResponse> {
        @Override
        public void answered(LeaveGroupResponse answer, long nowNanos) {
            underWay--;
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            underWay--;
        }
    }
}
