package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.ToldSubscription.Content;
import dev.surefoot.core.time.Deadline;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of the consumer protocol and their answers: one heartbeat is outstanding at most, a leave goes out
 * behind it. Owned by the loop's thread.
 */
final class ConsumerExchange {
    /** Handles the outcome of heartbeats. */
    interface Outcome {
        void answered(Sent sent, ConsumerGroupHeartbeatResponse answer, long nowNanos);

        void failed(Sent sent, RequestFailure failure, long nowNanos);
    }

    /**
     * A heartbeat that was sent.
     *
     * @param at the coordinator that it was sent to
     * @param incarnation of the membership that sent it; the answer is not for another one
     * @param epoch the member epoch that it was sent with, 0 for a join
     * @param sentNanos when it was sent, in nanoseconds of the loop's clock
     */
    record Sent(
            Coordinator.Instance at,
            long incarnation,
            int epoch,
            Content content,
            ConsumerGroupHeartbeatRequest request,
            long sentNanos) {
        boolean isJoin() {
            return epoch == 0;
        }
    }

    private final GroupSettings settings;
    private final String memberId;
    private final ToldSubscription told = new ToldSubscription();
    private long incarnation;
    private @Nullable Sent outstanding;
    /**
     * Until when every heartbeat says everything. One that had no answer may arrive at the coordinator after those that
     * followed it, and then its answer, with what the member is to own, is lost. The coordinator repeats that for a
     * heartbeat that says everything, and for no other.
     */
    private long fullUntilNanos;

    private int leavesOutstanding;

    ConsumerExchange(GroupSettings settings, String memberId) {
        this.settings = settings;
        this.memberId = memberId;
    }

    String memberId() {
        return memberId;
    }

    /** Another membership begins: answers to the one before are not for it, and it has told nothing. */
    void beginIncarnation() {
        incarnation++;
        told.forget();
    }

    /** Counts the memberships, so that what belongs to an earlier one can be told apart. */
    long incarnation() {
        return incarnation;
    }

    /** Whether {@code sent} is of the present membership. */
    boolean isPresent(Sent sent) {
        return sent.incarnation() == incarnation;
    }

    /** The next heartbeat says everything, though the last one was answered in order. */
    void forgetTold() {
        told.forget();
    }

    boolean isOutstanding() {
        return outstanding != null;
    }

    /** Whether a heartbeat of this membership has no answer yet that says which partitions the member owns. */
    boolean isClaimOutstanding() {
        Sent sent = outstanding;
        return sent != null && isPresent(sent) && sent.request().owned() != null;
    }

    /** Whether a leave has no answer yet. */
    boolean isLeaveOutstanding() {
        return leavesOutstanding > 0;
    }

    /** Whether a heartbeat of this membership that is outstanding or was answered in order acknowledges this. */
    boolean hasAcknowledged(Content content) {
        Sent sent = outstanding;
        if (sent != null && isPresent(sent)) {
            return sent.content().ownsAs(content);
        }
        return told.hasAcknowledged(content);
    }

    /**
     * Sends a heartbeat.
     *
     * @return whether the transport has taken it
     */
    boolean heartbeat(
            Outbox outbox,
            Coordinator.Instance at,
            int epoch,
            Content content,
            long timeoutNanos,
            long nowNanos,
            Outcome outcome) {
        boolean join = epoch == 0;
        if (nowNanos < fullUntilNanos) {
            told.forget();
        }
        boolean full = join || told.isNextFull();
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest(
                at.node().id(),
                settings.groupId(),
                memberId,
                epoch,
                settings.instanceId(),
                join ? settings.rackId() : null,
                full ? settings.timing().maxPollIntervalMs() : -1,
                told.topics(content),
                told.regex(content),
                full ? settings.remoteAssignor() : null,
                join ? Map.of() : told.owned(content),
                timeoutNanos);
        Sent sent = new Sent(at, incarnation, epoch, content, request, nowNanos);
        if (!outbox.send(request, new HeartbeatReply(sent, outcome))) {
            return false;
        }
        outstanding = sent;
        told.sent(content);
        return true;
    }

    /**
     * Sends the end of the membership, behind a heartbeat that may be outstanding. Its outcome changes nothing.
     *
     * @param epoch -1, or -2 for a static member that will return
     * @return whether the transport has taken it
     */
    boolean leave(Outbox outbox, Coordinator.Instance at, int epoch) {
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest(
                at.node().id(),
                settings.groupId(),
                memberId,
                epoch,
                settings.instanceId(),
                null,
                -1,
                null,
                null,
                null,
                null,
                settings.timing().requestTimeoutNanos());
        boolean taken = outbox.send(request, new LeaveReply());
        leavesOutstanding += taken ? 1 : 0;
        return taken;
    }

    private final class HeartbeatReply implements Reply<ConsumerGroupHeartbeatResponse> {
        private final Sent sent;
        private final Outcome outcome;

        HeartbeatReply(Sent sent, Outcome outcome) {
            this.sent = sent;
            this.outcome = outcome;
        }

        @Override
        public void answered(ConsumerGroupHeartbeatResponse answer, long nowNanos) {
            outstanding = null;
            if (isPresent(sent)) {
                // A coordinator that answers a member with epoch 0 has not understood (KAFKA-21581).
                if (answer.error() == BrokerError.NONE && answer.epoch() > 0) {
                    told.record(sent.content());
                } else {
                    told.forget();
                }
            }
            outcome.answered(sent, answer, nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            outstanding = null;
            // Twice the longest time that an answer may take: nobody knows how late the request can be.
            fullUntilNanos = Deadline.after(nowNanos, 2 * settings.timing().requestTimeoutNanos());
            if (isPresent(sent)) {
                told.forget();
            }
            outcome.failed(sent, failure, nowNanos);
        }
    }

    /** The membership is over whatever becomes of the leave; at the latest it ends with its session. */
    private final class LeaveReply implements Reply<ConsumerGroupHeartbeatResponse> {
        @Override
        public void answered(ConsumerGroupHeartbeatResponse answer, long nowNanos) {
            leavesOutstanding--;
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            leavesOutstanding--;
        }
    }
}
