package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One group at a real coordinator and at the model. Every request goes to both. What the model answers, the broker
 * has to answer alike; what the model parks, the broker has to park.
 */
final class CoordinatorTwins implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REMEMBERED = 30;

    /** A request that went to both. */
    final class Exchange {
        private final String connection;
        private final String member;
        private final ApiMessage request;
        /** The id that the model made for this member because of this request. */
        private @Nullable String mintedId;

        private final RealSide.Pending real;
        private @Nullable ApiMessage realAnswer;
        private @Nullable ApiMessage modelAnswer;

        private Exchange(String connection, String member, ApiMessage request, RealSide.Pending real) {
            this.connection = connection;
            this.member = member;
            this.request = request;
            this.real = real;
        }

        boolean isAnswered() {
            return modelAnswer != null;
        }

        /** @throws IllegalStateException if it is parked */
        ApiMessage answer() {
            if (modelAnswer == null) {
                throw new IllegalStateException("parked: " + request);
            }
            return modelAnswer;
        }

        /** The answer in words, with names for member ids. */
        String text() {
            return AnswerText.of(answer(), names::ofModel);
        }

        private boolean isParkedJoin() {
            return modelAnswer == null && request.apiKey() == ApiKeys.JOIN_GROUP.id;
        }

        private ApiMessage awaitReal() {
            if (realAnswer == null) {
                realAnswer = real.await();
            }
            return realAnswer;
        }

        /** The broker's answer, if a part of it is here. */
        private Optional<ApiMessage> realIfAnswered() {
            boolean here = realAnswer != null || real.isAnswered();
            return here ? Optional.of(awaitReal()) : Optional.empty();
        }
    }

    private final RealSide real;
    private final String groupId;
    private final GroupCoordinatorModel model;
    private final TwinNames names = new TwinNames();
    private final List<Exchange> underWay = new ArrayList<>();
    private final Set<String> seenModelIds = new HashSet<>();
    private final Deque<String> lately = new ArrayDeque<>();
    private final StateTally tally;
    private long nowMs;

    /** @param tally counts what the requests meet */
    CoordinatorTwins(RealSide real, String groupId, StateTally tally) {
        this.tally = tally;
        this.real = real;
        this.groupId = groupId;
        this.model = new GroupCoordinatorModel(
                real.settings(), real.topics(), new Node(0, "localhost", 1), this::leaderOfReal, groupId.hashCode());
    }

    String groupId() {
        return groupId;
    }

    TwinNames names() {
        return names;
    }

    GroupCoordinatorModel model() {
        return model;
    }

    RealSide real() {
        return real;
    }

    boolean isBusy(String connection) {
        return underWay.stream().anyMatch(exchange -> exchange.connection.equals(connection));
    }

    /** Sends a member's request over its own connection. */
    Exchange send(String member, ApiMessage request, int version) {
        return send(member, member, request, version);
    }

    /** Sends a member's request over a connection of this name, and compares what is answered on all of them. */
    Exchange send(String connection, String member, ApiMessage request, int version) {
        note(connection + ": v" + version + " " + request);
        RealSide.Pending pending = real.send(connection, names.forReal(request), version, ++nowMs);
        Exchange exchange = new Exchange(connection, member, request, pending);
        real.awaitAllTakenIn();
        underWay.add(exchange);
        ClassicGroupView before = model.classicGroup(groupId);
        model.receive(
                names.forModel(request),
                version,
                RawConnection.CLIENT_ID,
                nowMs,
                answer -> exchange.modelAnswer = AnswerText.overTheWire(answer, version));
        ApiMessage atOnce = exchange.modelAnswer;
        tally.count(before, request, atOnce == null ? null : AnswerText.errorOf(atOnce));
        for (GroupMemberView each : model.members(groupId)) {
            if (seenModelIds.add(each.memberId())) {
                exchange.mintedId = each.memberId();
            }
        }
        real.turn(nowMs);
        boolean emptyBefore = isEmpty();
        model.turn(nowMs);
        if (isEmpty() && !emptyBefore) {
            // Without members a rebalance that waits for pending ids times out after 0 ms: the next request must not
            // come before the broker's timer.
            real.awaitEmpty(groupId);
        }
        compare();
        return exchange;
    }

    private boolean isEmpty() {
        ClassicGroupView group = model.classicGroup(groupId);
        return group != null && group.state() == ClassicState.EMPTY;
    }

    long nowMs() {
        return nowMs;
    }

    /** Sets the time of the model. */
    void turn(long toMs) {
        nowMs = toMs;
        note("at " + nowMs + " ms");
        model.turn(nowMs);
        compare();
    }

    /** Expects the broker to answer what the model has answered, and nothing else. */
    void compare() {
        List<Exchange> answered = underWay.stream().filter(Exchange::isAnswered).toList();
        underWay.removeAll(answered);
        for (Exchange exchange : answered) {
            try {
                learn(exchange, exchange.awaitReal());
            } catch (RuntimeException e) {
                throw failure(
                        "the model answered " + exchange.text() + " to " + exchange.request + ", the broker not", e);
            }
        }
        for (Exchange exchange : answered) {
            String expected = AnswerText.of(exchange.awaitReal(), names::ofReal);
            note("=> " + exchange.connection + ": " + expected);
            if (!expected.equals(exchange.text())) {
                throw failure("the broker answered\n" + expected + "\nbut the model\n" + exchange.text(), null);
            }
        }
        for (Exchange exchange : underWay) {
            Optional<ApiMessage> unexpected = exchange.realIfAnswered();
            if (unexpected.isPresent()) {
                String text = AnswerText.of(unexpected.get(), names::ofReal);
                throw failure(
                        "the model has parked the request of " + exchange.connection + ", but the broker answered\n"
                                + text,
                        null);
            }
        }
    }

    private void learn(Exchange exchange, ApiMessage realAnswer) {
        if (realAnswer instanceof JoinGroupResponseData ofReal
                && exchange.answer() instanceof JoinGroupResponseData ofModel) {
            names.learn(exchange.member, ofReal.memberId(), ofModel.memberId());
        }
    }

    private AssertionError failure(String what, @Nullable Throwable cause) {
        return new AssertionError(what + "\nbefore it:\n" + String.join("\n", lately), cause);
    }

    void note(String what) {
        lately.addLast(what);
        if (lately.size() > REMEMBERED) {
            lately.removeFirst();
        }
    }

    /** Whom the broker has made the leader; everyone who waits for it is being told at this moment. */
    private String leaderOfReal(List<String> candidates) {
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        Exchange leader = Await.value("the leader's join to be answered", PATIENCE, this::leadersJoin);
        String realId = ((JoinGroupResponseData) leader.awaitReal()).memberId();
        String modelId = leader.mintedId;
        if (!names.ofReal(realId).equals(realId)) {
            modelId = names.modelId(names.ofReal(realId));
        } else if (modelId == null) {
            modelId = candidates.stream()
                    .filter(id -> !seenModelIds.contains(id))
                    .findFirst()
                    .orElse("nobody");
        }
        if (!candidates.contains(modelId)) {
            throw failure(
                    "the broker chose " + names.ofModel(modelId) + " as leader, in the model only " + candidates
                            + " could be",
                    null);
        }
        return modelId;
    }

    private Optional<Exchange> leadersJoin() {
        for (Exchange exchange : underWay) {
            if (exchange.isParkedJoin()
                    && exchange.realIfAnswered().orElse(null) instanceof JoinGroupResponseData answer
                    && !answer.leader().isEmpty()
                    && answer.leader().equals(answer.memberId())) {
                return Optional.of(exchange);
            }
        }
        return Optional.empty();
    }

    /** Ends the comparison: nothing that the model has parked may have been answered. */
    @Override
    public void close() {
        try {
            real.awaitAllTakenIn();
            compare();
        } finally {
            real.close();
        }
    }
}
