package dev.surefoot.testkit.simulation.membership;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.testkit.simulation.coordinator.GroupAnswerMessages;
import dev.surefoot.testkit.simulation.coordinator.GroupRequestMessages;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The connections of one member, one for each broker and purpose. A broker serves the requests of a connection one
 * after another, so that one which it holds back delays those behind it.
 */
final class MemberLink implements Outbox, BrokerChoice {
    private final class Call<A extends Answer> {
        private final Request<A> request;
        private final Reply<A> reply;
        private final Connection connection;
        private boolean ended;

        Call(Request<A> request, Reply<A> reply, Connection connection) {
            this.request = request;
            this.reply = reply;
            this.connection = connection;
        }

        void answered(ApiMessage message) {
            if (!ended) {
                ended = true;
                connection.calls.remove();
                reply.answered(GroupAnswerMessages.answer(request, message), world.nowNanos());
                connection.serveNext();
                member.turn();
            }
        }

        void failed(RequestFailure.Kind kind) {
            if (!ended) {
                ended = true;
                reply.failed(
                        new RequestFailure(
                                kind,
                                kind == RequestFailure.Kind.TIMED_OUT
                                        ? new TimeoutException("no answer")
                                        : new DisconnectException("cut")),
                        world.nowNanos());
            }
        }
    }

    private final class Connection {
        private final int nodeId;
        private final ArrayDeque<Call<?>> calls = new ArrayDeque<>();

        Connection(int nodeId) {
            this.nodeId = nodeId;
        }

        void serveNext() {
            Call<?> call = calls.peek();
            if (call != null) {
                world.after(world.latencyMs(), () -> {
                    if (!call.ended && world.isUp(nodeId)) {
                        world.receive(
                                nodeId,
                                GroupRequestMessages.message(call.request),
                                GroupRequestMessages.version(call.request),
                                answer -> world.after(world.latencyMs(), () -> call.answered(answer)));
                    }
                });
            }
        }

        void close(Call<?> because) {
            connections.values().remove(this);
            for (Call<?> call : calls) {
                call.failed(call == because ? RequestFailure.Kind.TIMED_OUT : RequestFailure.Kind.DISCONNECTED);
            }
            calls.clear();
            member.turn();
        }
    }

    private final MembershipWorld world;
    private final WorldMember member;
    private final Map<String, Connection> connections = new TreeMap<>();
    private int next;

    MemberLink(MembershipWorld world, WorldMember member) {
        this.world = world;
        this.member = member;
    }

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose) {
        return world.isUp(nodeId)
                ? new Readiness.Ready(true, true)
                : new Readiness.Failed(
                        new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("refused")));
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose) {
        Connection connection = connections.get(nodeId + " " + purpose);
        if (connection != null) {
            world.after(0, () -> connection.close(null));
        }
    }

    @Override
    public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
        member.checks.sent(request);
        Connection connection = connections.computeIfAbsent(
                request.nodeId() + " " + request.purpose(), key -> new Connection(request.nodeId()));
        Call<A> call = new Call<>(request, reply, connection);
        connection.calls.add(call);
        if (connection.calls.size() == 1) {
            connection.serveNext();
        }
        world.after(request.timeoutNanos() / 1_000_000, () -> {
            if (!call.ended) {
                connection.close(call);
            }
        });
        return true;
    }

    /** Requests of this class without an outcome. */
    long underWay(Class<?> kind) {
        return connections.values().stream()
                .flatMap(connection -> connection.calls.stream())
                .filter(call -> kind.isInstance(call.request))
                .count();
    }

    /** All connections to a broker break. */
    void cut(int nodeId) {
        for (Connection connection : new ArrayList<>(connections.values())) {
            if (connection.nodeId == nodeId) {
                connection.close(null);
            }
        }
    }

    @Override
    public Choice choose(Outbox outbox, long nowNanos) {
        int nodeId = 1 + Math.floorMod(next, MembershipWorld.NODES);
        if (world.isUp(nodeId)) {
            return new Choice(nodeId, true, null);
        }
        return new Choice(
                nodeId,
                false,
                new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("refused")));
    }

    @Override
    public void tryNext() {
        next++;
    }
}
