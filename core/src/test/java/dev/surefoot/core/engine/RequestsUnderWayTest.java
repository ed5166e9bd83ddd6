package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.position.ListOffsetsAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.Test;

/** Invariant I2: a request that was handed over has one outcome, and one that was refused has none. */
class RequestsUnderWayTest {
    private static final long NOW = 7;
    private static final MetadataResponse ANSWER =
            new MetadataResponse(new MetadataAnswer(BrokerError.NONE, 0, "c", List.of(), List.of()));
    private static final RequestFailure FAILURE =
            new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("gone"));

    private final RequestsUnderWay underWay = new RequestsUnderWay();
    private final Recorded reply = new Recorded();
    private boolean accepts = true;
    private final Outbox outbox = underWay.outbox(new Accepting(), NOW);

    private static MetadataRequest request() {
        return new MetadataRequest(1, new MetadataQuery(Set.of("t"), false), 1);
    }

    @Test
    void i2TheReplyHearsTheAnswerToItsOwnRequest() {
        Recorded other = new Recorded();
        MetadataRequest one = request();
        MetadataRequest another = request();
        assertThat(one).isEqualTo(another);
        outbox.send(one, reply);
        outbox.send(another, other);

        underWay.answered(another, ANSWER, NOW);

        assertThat(reply.heard).isEmpty();
        assertThat(other.heard).containsExactly(ANSWER);
    }

    @Test
    void i2ASecondOutcomeIsRefused() {
        MetadataRequest request = request();
        outbox.send(request, reply);
        underWay.failed(request, FAILURE, NOW);

        assertThatIllegalStateException()
                .isThrownBy(() -> underWay.answered(request, ANSWER, NOW))
                .withMessageContaining("second outcome");
        assertThatIllegalStateException().isThrownBy(() -> underWay.failed(request, FAILURE, NOW));
        assertThat(reply.heard).containsExactly(FAILURE);
    }

    @Test
    void i2ARefusedRequestHasNoOutcome() {
        accepts = false;
        MetadataRequest request = request();

        assertThat(outbox.send(request, reply)).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> underWay.failed(request, FAILURE, NOW));
        assertThat(reply.heard).isEmpty();
    }

    @Test
    void aRequestThatIsUnderWayCannotBeSentAgain() {
        MetadataRequest request = request();
        outbox.send(request, reply);

        assertThatIllegalStateException().isThrownBy(() -> outbox.send(request, reply));
    }

    @Test
    void anAnswerOfAnotherKindIsRefusedAndTheRequestStaysUnderWay() {
        MetadataRequest request = request();
        outbox.send(request, reply);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        underWay.answered(request, new ListOffsetsResponse(new ListOffsetsAnswer(0, Map.of())), NOW))
                .withMessageContaining("does not fit");
        underWay.answered(request, ANSWER, NOW);
        assertThat(reply.heard).containsExactly(ANSWER);
    }

    private static final class Recorded implements Reply<MetadataResponse> {
        final List<Object> heard = new ArrayList<>();

        @Override
        public void answered(MetadataResponse answer, long nowNanos) {
            heard.add(answer);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            heard.add(failure);
        }
    }

    private final class Accepting implements BrokerLink {
        @Override
        public List<Integer> bootstrapIds() {
            return List.of(-1);
        }

        @Override
        public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
            return new Readiness.Ready(true, true);
        }

        @Override
        public boolean send(Request<?> request, long nowNanos) {
            return accepts;
        }
    }
}
