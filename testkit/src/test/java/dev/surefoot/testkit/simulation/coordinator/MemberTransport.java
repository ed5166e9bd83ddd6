package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;

/** One member's connection to its coordinator; checks what it is given to send. */
final class MemberTransport implements Outbox {
    /** A heartbeat that was handed over. */
    private static final class Flight {
        final ConsumerGroupHeartbeatRequest request;
        final Reply<ConsumerGroupHeartbeatResponse> reply;
        boolean isOver;

        Flight(ConsumerGroupHeartbeatRequest request, Reply<ConsumerGroupHeartbeatResponse> reply) {
            this.request = request;
            this.reply = reply;
        }
    }

    private final MembersWorld world;
    private final SimulatedMember member;
    private final List<Flight> flights = new ArrayList<>();
    private final List<Long> sentMs = new ArrayList<>();
    private boolean nextIsFull;
    private boolean hasLeft;
    private boolean isCut;
    private long arrivesMs;
    private Map<Uuid, Set<Integer>> target = Map.of();

    MemberTransport(MembersWorld world, SimulatedMember member) {
        this.world = world;
        this.member = member;
    }

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose) {
        return new Readiness.Ready(true, true);
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose) {
        throw new AssertionError("a member of the consumer protocol has nothing held back");
    }

    @Override
    @SuppressWarnings("unchecked") // each request comes with the reply for its answer
    public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
        if (request instanceof FindCoordinatorRequest) {
            world.after(world.between(1, 20), () -> answer((Reply<FindCoordinatorResponse>) reply));
            return true;
        }
        ConsumerGroupHeartbeatRequest heartbeat = (ConsumerGroupHeartbeatRequest) request;
        check(heartbeat);
        Flight flight = new Flight(heartbeat, (Reply<ConsumerGroupHeartbeatResponse>) reply);
        flights.add(flight);
        // Requests of one connection arrive in their order.
        arrivesMs = Math.max(arrivesMs, world.nowMs() + world.between(1, 20));
        if (!world.chance(world.lossPerMille)) {
            world.after(arrivesMs - world.nowMs(), () -> arrive(flight));
        }
        world.after(
                TimeUnit.NANOSECONDS.toMillis(heartbeat.timeoutNanos()),
                () -> fail(flight, RequestFailure.Kind.TIMED_OUT));
        if (world.chance(world.lossPerMille)) {
            world.after(world.between(1, 40), this::disconnect);
        }
        return true;
    }

    private void answer(Reply<FindCoordinatorResponse> reply) {
        Node host = world.coordinator.host();
        reply.answered(
                host != null
                        ? new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, host)
                        : new FindCoordinatorResponse(0, BrokerError.COORDINATOR_NOT_AVAILABLE, (short) 15, null),
                world.nowNanos());
    }

    /** The last assignment that came. */
    Map<Uuid, Set<Integer>> target() {
        return target;
    }

    /** The process is gone: nothing of it has an outcome for anybody. */
    void cut() {
        isCut = true;
    }

    private void disconnect() {
        List.copyOf(flights).forEach(flight -> fail(flight, RequestFailure.Kind.DISCONNECTED));
    }

    // What must hold for each heartbeat.

    private void check(ConsumerGroupHeartbeatRequest request) {
        Coordinator.Instance at = member.coordinator().instance();
        assertThat(at).as("a heartbeat goes to the coordinator").isNotNull();
        assertThat(request.nodeId()).isEqualTo(at.node().id());
        assertThat(request.memberId()).isEqualTo(member.memberId());
        if (request.epoch() < 0) {
            assertThat(hasLeft).as("%s leaves twice", member).isFalse();
            hasLeft = true;
            return;
        }
        assertThat(flights.stream().filter(flight -> flight.request.epoch() >= 0))
                .as("%s has one heartbeat outstanding", member)
                .isEmpty();
        assertThat(request.epoch()).isEqualTo(member.epoch());
        boolean isFull = request.rebalanceTimeoutMs() != -1 && request.topics() != null && request.owned() != null;
        if (nextIsFull || request.epoch() == 0) {
            assertThat(isFull).as("%s says everything: %s", member, request).isTrue();
        }
        if (request.epoch() == 0) {
            hasLeft = false;
            assertThat(request.owned()).isEmpty();
        }
        assertThat(hasLeft).as("%s has left", member).isFalse();
        world.checkClaim(member, request);
        checkPace(request.epoch());
        nextIsFull = false;
    }

    private void checkPace(int epoch) {
        long nowMs = world.nowMs();
        int count = sentMs.size();
        if (count >= 3) {
            assertThat(nowMs - sentMs.get(count - 3))
                    .as("%s sends no four heartbeats in 100 ms", member)
                    .isGreaterThanOrEqualTo(100);
        }
        if (count > 0
                && epoch > 0
                && world.coordinator.host() != null
                && !world.wasAbsentSince(sentMs.get(count - 1))) {
            assertThat(nowMs - sentMs.get(count - 1))
                    .as("%s is not silent for longer than an interval and a time-out", member)
                    .isLessThanOrEqualTo(3L * MembersWorld.INTERVAL_MS + 1_500);
        }
        sentMs.add(nowMs);
    }

    // The way to the coordinator and back.

    private void arrive(Flight flight) {
        if (world.coordinator.host() == null || world.coordinator.host().id() != flight.request.nodeId()) {
            back(flight, new ConsumerGroupHeartbeatResponseData().setErrorCode(BrokerError.NOT_COORDINATOR.code()));
            return;
        }
        world.coordinator.receive(
                GroupRequestMessages.message(flight.request),
                1,
                "client",
                world.nowMs(),
                answer -> back(flight, (ConsumerGroupHeartbeatResponseData) answer));
    }

    private void back(Flight flight, ConsumerGroupHeartbeatResponseData answer) {
        if (!world.chance(world.lossPerMille)) {
            world.after(world.between(1, 20), () -> deliver(flight, answer));
        }
    }

    private void deliver(Flight flight, ConsumerGroupHeartbeatResponseData answer) {
        if (isCut || flight.isOver) {
            return;
        }
        end(flight, answer.errorCode() != 0);
        ConsumerGroupHeartbeatResponse response = GroupAnswerMessages.answer(flight.request, answer);
        if (response.assignment() != null) {
            target = response.assignment();
        }
        flight.reply.answered(response, world.nowNanos());
        member.turn();
    }

    private void fail(Flight flight, RequestFailure.Kind kind) {
        if (isCut || flight.isOver) {
            return;
        }
        end(flight, true);
        flight.reply.failed(
                new RequestFailure(
                        kind,
                        kind == RequestFailure.Kind.TIMED_OUT
                                ? new TimeoutException("simulated")
                                : new DisconnectException("simulated")),
                world.nowNanos());
        member.turn();
    }

    private void end(Flight flight, boolean isFailure) {
        flight.isOver = true;
        flights.remove(flight);
        nextIsFull |= isFailure && flight.request.epoch() >= 0;
    }
}
