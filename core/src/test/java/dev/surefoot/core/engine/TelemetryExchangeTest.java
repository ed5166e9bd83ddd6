package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushResponse;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionResponse;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TelemetryExchangeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Uuid ID = new Uuid(1, 2);
    private static final TelemetrySubscriptionResponse SUBSCRIPTION =
            new TelemetrySubscriptionResponse(0, (short) 0, ID, 7, List.of(), 60_000, 1_000, false, List.of(""));
    private static final RequestFailure LOST =
            new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("scripted"));

    private final Source source = new Source();
    private final Link link = new Link();
    private final TelemetryExchange exchange = new TelemetryExchange(source, link, 30 * SECOND);
    private long now;

    private void turn() {
        exchange.dispatch(link, new Turn(now, 0, 0, true));
    }

    private long deadlineNanos() {
        Deadlines deadlines = new Deadlines();
        exchange.enterDeadlines(deadlines, now);
        return deadlines.earliestNanos();
    }

    private static Request<?> metadata(int nodeId) {
        return new MetadataRequest(nodeId, new MetadataQuery(null, false), 1);
    }

    private static Telemetry.Push push(boolean terminating) {
        return new Telemetry.Push(ID, 7, terminating, (byte) 0, ByteBuffer.allocate(3));
    }

    @Test
    void noConnectionIsMadeForIt() {
        turn();

        assertThat(link.looked).isEmpty();
        assertThat(link.sent).isEmpty();
        assertThat(deadlineNanos()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void itGoesToTheBrokerThatHasAnsweredFirstForAsLongAsThatAnswers() {
        exchange.brokerAnswered(new HeldBack(9, 1));
        exchange.brokerAnswered(metadata(-1));
        exchange.brokerAnswered(metadata(3));
        turn();
        turn();
        assertThat(link.sent).containsExactly(new TelemetrySubscriptionRequest(-1, Uuid.ZERO_UUID, 30 * SECOND));

        source.next = push(false);
        source.dueInNanos = 60 * SECOND;
        link.answer(SUBSCRIPTION, now);
        assertThat(source.heard).containsExactly("subscribed " + ID);
        assertThat(deadlineNanos()).isEqualTo(60 * SECOND);
        now = 60 * SECOND - 1;
        turn();
        assertThat(link.sent).hasSize(1);

        now = 60 * SECOND;
        turn();
        assertThat(link.sent.get(1)).isEqualTo(new TelemetryPushRequest(-1, push(false), 30 * SECOND));
        link.answer(new TelemetryPushResponse(0, (short) 0), now);
        assertThat(source.heard).contains("pushed 0");
        assertThat(deadlineNanos()).isEqualTo(120 * SECOND);
    }

    @Test
    void whoAsksForTheIdMayConnect() {
        link.chosen = 5;
        exchange.request();
        turn();
        assertThat(link.sent).containsExactly(new TelemetrySubscriptionRequest(5, Uuid.ZERO_UUID, 30 * SECOND));
    }

    @Test
    void afterAFailureItGoesToTheNextBrokerThatAnswers() {
        exchange.brokerAnswered(metadata(1));
        turn();
        source.dueInNanos = SECOND;
        link.fail(LOST, now);
        assertThat(source.heard).containsExactly("failed DISCONNECTED");

        now = SECOND;
        turn();
        assertThat(link.sent).hasSize(1);
        exchange.brokerAnswered(metadata(2));
        turn();
        assertThat(link.sent.get(1).nodeId()).isEqualTo(2);
    }

    @Test
    void aBrokerThatCannotBeReachedIsLeft() {
        exchange.brokerAnswered(metadata(1));
        link.down.add(1);
        turn();
        exchange.brokerAnswered(metadata(2));
        turn();
        assertThat(link.sent).extracting(Request::nodeId).containsExactly(2);
    }

    @Test
    void whatTheLinkRefusesIsSentLater() {
        exchange.brokerAnswered(metadata(1));
        link.refuses = true;
        turn();
        assertThat(source.taken).isEqualTo(1);

        link.refuses = false;
        turn();
        assertThat(link.sent).hasSize(1);
        assertThat(source.taken).isEqualTo(1);
    }

    @Test
    void whatIsNotThereAfterAllIsLookedForLater() {
        exchange.brokerAnswered(metadata(1));
        source.next = null;
        source.dueInNanos = 5 * SECOND;
        turn();
        assertThat(deadlineNanos()).isEqualTo(5 * SECOND);
        assertThat(link.sent).isEmpty();
    }

    @Test
    void theLastPushGoesToTheBrokerThatHasHadTheOthers() {
        assertThat(exchange.close()).isNull();

        exchange.brokerAnswered(metadata(1));
        source.last = push(true);
        assertThat(exchange.close()).isEqualTo(new TelemetryPushRequest(1, push(true), 30 * SECOND));
    }

    /** A request whose connection a broker may hold back. */
    private record HeldBack(int nodeId, long timeoutNanos) implements Request<TelemetryPushResponse> {
        @Override
        public Purpose purpose() {
            return Purpose.FETCH;
        }

        @Override
        public Class<TelemetryPushResponse> answerType() {
            return TelemetryPushResponse.class;
        }
    }

    private static final class Source implements Telemetry {
        final List<String> heard = new ArrayList<>();
        long dueInNanos;
        int taken;
        Telemetry.@Nullable Message next = new Telemetry.Inquiry(Uuid.ZERO_UUID);
        Telemetry.@Nullable Push last;

        @Override
        public long dueInNanos() {
            return dueInNanos;
        }

        @Override
        public Telemetry.@Nullable Message take() {
            taken++;
            return next;
        }

        @Override
        public void subscribed(TelemetrySubscriptionResponse response) {
            heard.add("subscribed " + response.clientInstanceId());
        }

        @Override
        public void pushed(TelemetryPushResponse response) {
            heard.add("pushed " + response.errorCode());
        }

        @Override
        public void failed(Message message, RequestFailure failure) {
            heard.add("failed " + failure.kind());
        }

        @Override
        public Telemetry.@Nullable Push end() {
            return last;
        }
    }

    private static final class Link implements Outbox, BrokerChoice {
        final List<Request<?>> sent = new ArrayList<>();
        final List<Integer> looked = new ArrayList<>();
        final Set<Integer> down = new HashSet<>();
        private final ArrayDeque<Reply<?>> replies = new ArrayDeque<>();
        int chosen = -1;
        boolean refuses;

        @Override
        public List<Integer> bootstrapIds() {
            return List.of(-1);
        }

        @Override
        public Readiness readiness(int nodeId, Purpose purpose) {
            looked.add(nodeId);
            return down.contains(nodeId) ? new Readiness.Failed(LOST) : new Readiness.Ready(true, true);
        }

        @Override
        public void reconnect(int nodeId, Purpose purpose) {
            throw new AssertionError("nothing is given up");
        }

        @Override
        public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
            if (!refuses) {
                sent.add(request);
                replies.add(reply);
            }
            return !refuses;
        }

        @SuppressWarnings("unchecked") // the test answers in kind
        <A extends Answer> void answer(A answer, long nowNanos) {
            ((Reply<A>) replies.remove()).answered(answer, nowNanos);
        }

        void fail(RequestFailure failure, long nowNanos) {
            replies.remove().failed(failure, nowNanos);
        }

        @Override
        public Choice choose(Outbox outbox, long nowNanos) {
            return new Choice(chosen, true, null);
        }

        @Override
        public void tryNext() {}
    }
}
