package dev.surefoot.core.group;

import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerExchange.Sent;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.time.Deadline;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * What a member of the consumer protocol makes of the outcomes of its heartbeats. An answer is adopted only by the
 * incarnation of the membership that has asked; an answer to an earlier one tells of the coordinator alone. Owned by
 * the loop's thread.
 */
final class ConsumerAnswers implements ConsumerExchange.Outcome {
    private final GroupSettings settings;
    private final Coordinator coordinator;
    private final ConsumerHeartbeatTimer timer;
    private final ConsumerExchange exchange;
    private final ConsumerDeadlines deadlines;
    private final ConsumerLifecycle lifecycle;
    private final Consumer<GroupEffect> effects;

    /** Whether a coordinator has, or may have, given the instance id to this very member. */
    private boolean instanceMayBeMine;
    /** Until when the session of this member's own earlier join may keep the instance id from it. */
    private long instanceEndNanos = Deadline.NEVER;

    ConsumerAnswers(
            GroupSettings settings,
            Coordinator coordinator,
            ConsumerHeartbeatTimer timer,
            ConsumerExchange exchange,
            ConsumerDeadlines deadlines,
            ConsumerLifecycle lifecycle,
            Consumer<GroupEffect> effects) {
        this.settings = settings;
        this.coordinator = coordinator;
        this.timer = timer;
        this.exchange = exchange;
        this.deadlines = deadlines;
        this.lifecycle = lifecycle;
        this.effects = effects;
    }

    /** The application leaves: a later join waits for the instance id anew. */
    void forgetInstanceWait() {
        instanceEndNanos = Deadline.NEVER;
    }

    @Override
    public void answered(Sent sent, ConsumerGroupHeartbeatResponse answer, long nowNanos) {
        effects.accept(new GroupEffect.Report(
                new GroupEvent.RequestEnded(GroupEvent.Api.HEARTBEAT, nowNanos - sent.sentNanos())));
        ConsumerReaction reaction = ConsumerReaction.to(answer.error(), !sent.isJoin());
        if (reaction == ConsumerReaction.FIND_COORDINATOR) {
            coordinator.forget(sent.at(), answer.error().name());
        } else {
            coordinator.confirm(sent.at());
        }
        coordinator.putOff(answer.error(), nowNanos);
        if (!exchange.isPresent(sent)) {
            instanceMayBeMine |= reaction == ConsumerReaction.NONE;
            return;
        }
        switch (reaction) {
            case NONE -> accepted(sent, answer, nowNanos);
            case FIND_COORDINATOR -> timer.failed(false, nowNanos);
            case BACK_OFF -> timer.failed(true, nowNanos);
            case REJOIN ->
                lifecycle.fence(answer.error().name(), ConsumerErrors.refused(settings, sent, answer), nowNanos);
            case AWAIT_INSTANCE -> awaitInstance(sent, answer, nowNanos);
            case RAISE -> {
                effects.accept(new GroupEffect.Raise(ConsumerErrors.refused(settings, sent, answer)));
                timer.failed(true, nowNanos);
            }
            case FAIL -> lifecycle.fail(ConsumerErrors.refused(settings, sent, answer), nowNanos);
        }
    }

    private void accepted(Sent sent, ConsumerGroupHeartbeatResponse answer, long nowNanos) {
        if (answer.epoch() <= 0) {
            // A coordinator that answers so has not taken the heartbeat for a member's (KAFKA-21581).
            timer.failed(true, nowNanos);
            return;
        }
        instanceMayBeMine = true;
        instanceEndNanos = Deadline.NEVER;
        timer.answered(answer.heartbeatIntervalMs(), sent.sentNanos());
        deadlines.renewLease(sent.sentNanos());
        lifecycle.adopt(answer.epoch());
        Map<Uuid, Set<Integer>> assignment = answer.assignment();
        if (assignment != null) {
            lifecycle.retarget(assignment, sent.sentNanos(), nowNanos);
        }
        if (!sent.isJoin()) {
            lifecycle.confirm();
        } else if (assignment == null) {
            // Only a full heartbeat makes the coordinator say what the member owns.
            exchange.forgetTold();
        } else if (assignment.isEmpty()) {
            timer.callEarly(nowNanos);
        }
        lifecycle.advance(nowNanos);
    }

    private void awaitInstance(Sent sent, ConsumerGroupHeartbeatResponse answer, long nowNanos) {
        if (instanceEndNanos == Deadline.NEVER) {
            instanceEndNanos = Deadline.after(nowNanos, settings.timing().sessionTimeoutNanos());
        }
        if (instanceMayBeMine && !Deadline.passed(instanceEndNanos, nowNanos)) {
            timer.failed(true, nowNanos);
        } else {
            lifecycle.fail(ConsumerErrors.refused(settings, sent, answer), nowNanos);
        }
    }

    @Override
    public void failed(Sent sent, RequestFailure failure, long nowNanos) {
        // Whether the coordinator has taken the join is unknown.
        instanceMayBeMine = true;
        String reason = String.valueOf(failure.cause().getMessage());
        boolean present = exchange.isPresent(sent);
        switch (failure.kind()) {
            case DISCONNECTED -> {
                coordinator.forget(sent.at(), reason);
                retry(present, false, nowNanos);
            }
            case TIMED_OUT -> {
                coordinator.forget(sent.at(), reason);
                retry(present, true, nowNanos);
            }
            case AUTHENTICATION, MALFORMED -> {
                effects.accept(new GroupEffect.Raise(failure.cause()));
                retry(present, true, nowNanos);
            }
            case UNSUPPORTED_VERSION -> {
                if (present) {
                    lifecycle.fail(ConsumerErrors.unsupported(sent, failure.cause()), nowNanos);
                }
            }
        }
    }

    private void retry(boolean present, boolean backsOff, long nowNanos) {
        if (present) {
            timer.failed(backsOff, nowNanos);
        }
    }
}
