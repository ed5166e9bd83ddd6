package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.testkit.exchange.ByClass;
import dev.surefoot.testkit.simulation.coordinator.GroupAnswerMessages;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * What is between a member and the brokers. A broker serves the requests of the connection to the coordinator one after
 * another. A LeaveGroup goes over a connection of its own, and the look-up of the coordinator is answered at once.
 */
final class MemberWire implements Outbox, BrokerChoice {
    /** A request that was given up arrives within so many intervals of heartbeats, or never. */
    private static final int STRAGGLER_TICKS_MAX = 2;

    /** Where a request goes. */
    private static final ByClass<Request<?>, BiConsumer<MemberWire, Call<?>>> WAYS = new ByClass<
                    Request<?>, BiConsumer<MemberWire, Call<?>>>(request -> (wire, call) -> wire.calls.add(call))
            .with(FindCoordinatorRequest.class, find -> (wire, call) -> wire.lookup = call)
            .with(LeaveGroupRequest.class, leave -> (wire, call) -> wire.leaves.add(call));

    private enum Phase {
        REQUEST,
        AT_COORDINATOR,
        ANSWER,
        /** The member has closed the connection, and is to hear that there is no answer. */
        GIVEN_UP
    }

    /** A request without an outcome. */
    private final class Call<A extends Answer> {
        final Request<A> request;
        final Reply<A> reply;
        final long deadlineNanos;
        Phase phase = Phase.REQUEST;

        @Nullable ApiMessage answer;

        Call(Request<A> request, Reply<A> reply) {
            this.request = request;
            this.reply = reply;
            this.deadlineNanos = Deadline.after(world.nowNanos(), request.timeoutNanos());
        }

        void arrive() {
            phase = Phase.AT_COORDINATOR;
            world.receive(member.clientId(), request, message -> {
                answer = message;
                phase = phase == Phase.GIVEN_UP ? phase : Phase.ANSWER;
            });
        }

        void deliver() {
            ApiMessage came = answer;
            if (came != null) {
                A answered = GroupAnswerMessages.answer(request, came);
                member.checks.answering(request, answered);
                reply.answered(answered, world.nowNanos());
                member.turn();
                member.checks.answered();
            }
        }

        void fail(RequestFailure.Kind kind) {
            reply.failed(
                    new RequestFailure(
                            kind,
                            kind == RequestFailure.Kind.TIMED_OUT
                                    ? new TimeoutException("no answer")
                                    : new DisconnectException("the connection broke")),
                    world.nowNanos());
        }
    }

    private final SmallGroup world;
    private final SmallMember member;
    /** To the coordinator, in the order of sending. */
    private final List<Call<?>> calls = new ArrayList<>();

    private final ArrayDeque<Call<?>> leaves = new ArrayDeque<>();
    private @Nullable Call<?> lookup;
    /** A request that the member has given up and that has not arrived. */
    private @Nullable Call<?> straggler;

    private int stragglerTicks;

    MemberWire(SmallGroup world, SmallMember member) {
        this.world = world;
        this.member = member;
    }

    // What the member does.

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose) {
        return new Readiness.Ready(true, true);
    }

    @Override
    public Choice choose(Outbox outbox, long nowNanos) {
        return new Choice(1, true, null);
    }

    @Override
    public void tryNext() {}

    @Override
    public void reconnect(int nodeId, Purpose purpose) {
        calls.stream().filter(call -> call.request.nodeId() == nodeId).forEach(call -> call.phase = Phase.GIVEN_UP);
    }

    @Override
    public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
        member.checks.sent(request);
        WAYS.of(request).accept(this, new Call<>(request, reply));
        return true;
    }

    /** Answers the look-up of the coordinator, if one was sent. */
    boolean answerLookup() {
        Call<?> call = lookup;
        lookup = null;
        if (call == null) {
            return false;
        }
        call.arrive();
        call.deliver();
        return true;
    }

    // What happens to its requests.

    private @Nullable Call<?> nextToArrive() {
        for (int i = 0; i < calls.size(); i++) {
            Call<?> call = calls.get(i);
            int nodeId = call.request.nodeId();
            boolean waits = calls.subList(0, i).stream()
                    .anyMatch(before -> before.request.nodeId() == nodeId && before.phase == Phase.AT_COORDINATOR);
            if (call.phase == Phase.REQUEST && !waits) {
                return call;
            }
        }
        return null;
    }

    private @Nullable Call<?> nextToDeliver() {
        return calls.stream()
                .filter(call -> call.phase == Phase.ANSWER || call.phase == Phase.GIVEN_UP)
                .findFirst()
                .orElse(null);
    }

    boolean mayArrive() {
        return nextToArrive() != null;
    }

    boolean mayDeliver() {
        return nextToDeliver() != null;
    }

    boolean isBusy() {
        return !calls.isEmpty();
    }

    boolean hasLeave() {
        return !leaves.isEmpty();
    }

    boolean hasStraggler() {
        return straggler != null;
    }

    /** Whether the answer to a request of this class is awaited, other than to a leave. */
    boolean awaits(Class<?> kind) {
        return calls.stream().anyMatch(call -> kind.isInstance(call.request) && !isLeave(call.request));
    }

    /** In the consumer protocol a heartbeat that leaves may follow one that is outstanding. */
    private static boolean isLeave(Request<?> request) {
        return request instanceof ConsumerGroupHeartbeatRequest beat && beat.epoch() < 0;
    }

    void arrive() {
        Call<?> call = nextToArrive();
        if (call != null) {
            call.arrive();
        }
    }

    void deliver() {
        Call<?> call = nextToDeliver();
        if (call != null) {
            calls.remove(call);
            if (call.phase == Phase.GIVEN_UP) {
                call.fail(RequestFailure.Kind.DISCONNECTED);
                member.turn();
            } else {
                call.deliver();
            }
        }
    }

    void deliverLeave() {
        Call<?> leave = leaves.remove();
        leave.arrive();
        leave.deliver();
    }

    void stragglerArrives() {
        Call<?> late = straggler;
        straggler = null;
        if (late == null) {
            return;
        }
        if (late.request instanceof OffsetCommitRequest commit) {
            world.checks().arrivesLate(commit);
        }
        late.arrive();
    }

    /** The connection to the coordinator breaks. */
    void cut() {
        List<Call<?>> ended = List.copyOf(calls);
        calls.clear();
        ended.forEach(call -> call.fail(RequestFailure.Kind.DISCONNECTED));
        member.turn();
    }

    /** The member waits no longer: it closes the connection, and the first request that is on its way arrives later. */
    void giveUp() {
        List<Call<?>> ended = List.copyOf(calls);
        straggler = nextToArrive();
        stragglerTicks = 0;
        calls.clear();
        RequestFailure.Kind kind = RequestFailure.Kind.TIMED_OUT;
        for (Call<?> call : ended) {
            call.fail(kind);
            kind = RequestFailure.Kind.DISCONNECTED;
        }
        member.turn();
    }

    boolean mayGiveUp() {
        return straggler == null && nextToArrive() != null;
    }

    /** Gives requests up whose time is over. */
    void timePasses() {
        if (straggler != null && ++stragglerTicks > STRAGGLER_TICKS_MAX) {
            straggler = null;
        }
        boolean isLate = calls.stream().anyMatch(call -> Deadline.passed(call.deadlineNanos, world.nowNanos()));
        if (isLate) {
            giveUp();
        }
    }

    /** The member's process is gone. */
    void close() {
        calls.clear();
        leaves.clear();
        straggler = null;
    }
}
