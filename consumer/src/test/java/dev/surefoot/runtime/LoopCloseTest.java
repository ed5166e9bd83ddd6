package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.runtime.LoopWorld.Held;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a loop ends whose session is open at a broker, with a fetch under way. */
@Timeout(20)
class LoopCloseTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LoopWorld world = new LoopWorld();
    private final Loop loop = world.loop;
    private final FakeTransport transport = world.transport;
    private FetchRequest underWay;
    private int sentBefore;

    @BeforeEach
    void openASession() {
        transport.answer(world.fetching(), LoopWorld.records(0, 3, new Held()));
        loop.turn();
        loop.turn();
        underWay = transport.lastSent(FetchRequest.class);
        world.clock.advanceMs(5);
        sentBefore = transport.sent.size();
    }

    private void closeIsSentOverControl() {
        FetchRequest last = transport.lastSent(FetchRequest.class);
        assertThat(last.plan().kind()).isEqualTo(FetchPlan.Kind.CLOSE);
        assertThat(last.plan().epoch()).isEqualTo(FetchPlan.FINAL_EPOCH);
        assertThat(transport.purposes).last().isEqualTo(Purpose.CONTROL);
        assertThat(transport.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000, Long.MAX_VALUE})
    void theSessionIsClosedAtItsBroker(long timeout) {
        Request<?>[] answered = new Request<?>[1];
        transport.onSend = request -> {
            answered[0] = request;
            transport.answer(request, LoopWorld.records(0, 1, new Held()));
        };

        loop.close(timeout);

        closeIsSentOverControl();
        assertThat(transport.sent).hasSize(sentBefore + 1);
        assertThat(answered[0]).isSameAs(transport.lastSent(FetchRequest.class));
    }

    @Test
    void noMoreThanTheTimeGivenIsWaitedForAnAnswer() {
        long start = world.clock.nanos();

        loop.close(2 * SECOND);

        closeIsSentOverControl();
        assertThat(world.clock.nanos() - start).isBetween(2 * SECOND, 3 * SECOND);
    }

    @Test
    void withoutTimeNothingIsSent() {
        loop.close(0);

        assertThat(transport.sent).hasSize(sentBefore);
        assertThat(transport.closed).isTrue();
    }

    @Test
    void aBrokerThatCannotBeReachedIsNotWaitedFor() {
        transport.readiness.put(
                LoopWorld.BROKER,
                new Readiness.Failed(new RequestFailure(RequestFailure.Kind.DISCONNECTED, new KafkaException("gone"))));
        long start = world.clock.nanos();

        loop.close(100 * SECOND);

        assertThat(world.clock.nanos()).isEqualTo(start);
        assertThat(transport.sent).hasSize(sentBefore);
        assertThat(transport.closed).isTrue();
    }

    @Test
    void aConnectionThatIsBeingMadeIsWaitedForUntilTheTimeIsUp() {
        transport.readiness.put(LoopWorld.BROKER, new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE));
        long start = world.clock.nanos();

        loop.close(3 * SECOND);

        assertThat(world.clock.nanos() - start).isBetween(3 * SECOND, 4 * SECOND);
        assertThat(transport.closed).isTrue();
    }

    @Test
    void aLateAnswerGivesItsMemoryBack() {
        Held late = new Held();
        transport.answer(underWay, LoopWorld.records(3, 3, late));

        loop.close(SECOND);

        assertThat(late.holds).hasValue(0);
        closeIsSentOverControl();
    }

    @Test
    void aFailureToCloseIsNotWaitedFor() {
        transport.onSend = request -> transport.fail(request, RequestFailure.Kind.DISCONNECTED, "gone");
        long start = world.clock.nanos();

        loop.close(100 * SECOND);

        assertThat(world.clock.nanos()).isEqualTo(start);
        closeIsSentOverControl();
    }

    @Test
    void theTransportIsClosedEvenIfClosingThrows() {
        transport.broken = new IllegalStateException("broken");

        assertThatThrownBy(() -> loop.close(SECOND)).isSameAs(transport.broken);
        assertThat(transport.closed).isTrue();
    }

    @Test
    void aTransportThatFailsToCloseDoesNotHideTheFirstFailure() {
        transport.broken = new IllegalStateException("broken");
        transport.brokenClose = new IllegalStateException("not closed");

        assertThatThrownBy(() -> loop.close(SECOND))
                .isSameAs(transport.broken)
                .hasSuppressedException(transport.brokenClose);
        assertThat(transport.closed).isTrue();
    }
}
