package dev.surefoot.runtime;

import static dev.surefoot.runtime.LoopWorld.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.engine.Question;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.runtime.LoopWorld.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** One turn after another, without a thread. */
class LoopTest {
    private final LoopWorld world = new LoopWorld();
    private final Loop loop = world.loop;
    private final FakeTransport transport = world.transport;

    @Test
    void aFetchAsksForNoMoreThanTheTransportMayHoldNow() {
        LoopWorld world = new LoopWorld();
        world.transport.capacityBytes = 200_000;
        assertThat(world.fetching().maxBytes()).isBetween(100_000, 160_000);
    }

    @Test
    void commandsAreCarriedOutInTheNextTurnInTheirOrder() {
        List<Integer> carriedOut = new ArrayList<>();
        loop.submit((engine, nowNanos) -> carriedOut.add(1));
        loop.submit((engine, nowNanos) -> carriedOut.add(2));
        loop.submit((engine, nowNanos) -> carriedOut.add(3));
        assertThat(transport.wakeups).hasValue(3);
        assertThat(carriedOut).isEmpty();

        loop.turn();

        assertThat(carriedOut).containsExactly(1, 2, 3);
        loop.turn();
        assertThat(carriedOut).hasSize(3);
    }

    @Test
    void recordsReachTheApplicationWithTheirLease() {
        FetchRequest fetch = world.fetching();
        Held lease = new Held();
        transport.answer(fetch, LoopWorld.records(0, 3, lease));
        loop.turn();

        Delivery delivery = world.handover.take();

        assertThat(delivery).isInstanceOfSatisfying(Delivery.Records.class, records -> {
            assertThat(records.partition()).isEqualTo(PARTITION);
            assertThat(records.nextOffset()).isEqualTo(3);
            assertThat(lease.holds).hasValue(1);
            records.lease().release();
        });
        assertThat(lease.holds).hasValue(0);
        assertThat(loop.tally().fullFetches()).isEqualTo(1);
    }

    @Test
    void theNextFetchLeavesBeforeTheApplicationHasTakenTheLast() {
        FetchRequest first = world.fetching();
        transport.answer(first, LoopWorld.records(0, 3, new Held()));
        loop.turn();
        loop.turn();

        FetchRequest next = transport.lastSent(FetchRequest.class);

        assertThat(next.plan().kind()).isEqualTo(FetchPlan.Kind.INCREMENTAL);
        assertThat(next.plan().partitions().values())
                .allSatisfy(target -> assertThat(target.fetchOffset()).isEqualTo(3));
    }

    @Test
    void brokersOfMetadataAreMadeKnownToTheTransport() {
        world.fetching();

        assertThat(transport.brokers).extracting("id").containsExactly(LoopWorld.BROKER);
    }

    @Test
    void aStarvedLoopIsWokenWhenMemoryComesBack() {
        FetchRequest fetch = world.fetching();
        loop.memoryReturned();
        int wakeups = transport.wakeups.get();
        transport.answer(fetch, LoopWorld.records(0, 3, new Held()));
        transport.heldBytes = LoopWorld.BUFFER_BYTES;
        loop.turn();
        loop.turn();
        assertThat(loop.starved()).isTrue();
        assertThat(transport.wakeups).as("nobody starved before").hasValue(wakeups);

        transport.heldBytes = 0;
        loop.memoryReturned();
        assertThat(transport.wakeups).hasValue(wakeups + 1);
        loop.turn();

        assertThat(loop.starved()).isFalse();
        assertThat(transport.lastSent(FetchRequest.class)).isNotSameAs(fetch);
    }

    @Test
    void aLoopFarAheadOfABusyApplicationFetchesWhenThatHasReadOrWaits() {
        for (boolean reads : new boolean[] {true, false}) {
            LoopWorld ahead = new LoopWorld();
            Held unread = new Held(LoopWorld.BUFFER_BYTES / 4);
            ahead.transport.answer(ahead.fetching(), LoopWorld.records(0, 3, new Held(unread.bytes())));
            ahead.loop.applicationLooked(true);
            ahead.loop.turn();
            ahead.loop.turn();
            FetchRequest last = ahead.transport.lastSent(FetchRequest.class);
            ahead.transport.answer(last, LoopWorld.records(3, 3, unread));
            ahead.transport.heldBytes = 2L * unread.bytes();
            ahead.loop.turn();
            ahead.loop.turn();
            assertThat(ahead.transport.lastSent(FetchRequest.class)).isSameAs(last);
            assertThat(ahead.loop.starved()).as("there is memory left").isFalse();
            int wakeups = ahead.transport.wakeups.get();

            if (reads) {
                unread.holds.set(0);
                ahead.transport.heldBytes -= unread.bytes();
                ahead.loop.memoryReturned();
            } else {
                ahead.loop.applicationLooked(false);
            }
            assertThat(ahead.transport.wakeups).hasValue(wakeups + 1);
            ahead.loop.turn();

            assertThat(ahead.transport.lastSent(FetchRequest.class)).isNotSameAs(last);
        }
    }

    @Test
    void anIdleLoopWaitsForInput() {
        loop.turn();
        loop.turn();

        assertThat(transport.waits).last().isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aQuestionIsAnswered() {
        Loop.PendingQuestion question = loop.ask(id -> new Question.Topics(id, Set.of("t"), false));
        loop.turn();
        assertThat(question.answer()).isNotDone();

        transport.answer(transport.lastSent(MetadataRequest.class), new MetadataResponse(LoopWorld.metadata()));
        loop.turn();

        assertThat(question.answer()).isCompletedWithValueMatching(EngineEvent.TopicsFound.class::isInstance);
    }

    @Test
    void aQuestionSurvivesALostConnection() {
        Loop.PendingQuestion question = loop.ask(id -> new Question.Topics(id, null, false));
        loop.turn();
        Request<?> first = transport.lastSent(MetadataRequest.class);
        transport.fail(first, RequestFailure.Kind.DISCONNECTED, "gone");
        loop.turn();
        for (int i = 0; i < 10 && transport.lastSent(MetadataRequest.class) == first; i++) {
            loop.turn();
        }
        Request<?> second = transport.lastSent(MetadataRequest.class);
        assertThat(second).isNotSameAs(first);
        transport.answer(second, new MetadataResponse(LoopWorld.metadata()));
        loop.turn();

        assertThat(question.answer()).isCompleted();
    }

    @Test
    void aCancelledQuestionIsAskedNoMore() {
        Loop.PendingQuestion question = loop.ask(id -> new Question.Topics(id, Set.of("t"), false));
        loop.cancel(question);
        loop.turn();
        loop.turn();

        assertThat(transport.sent).isEmpty();
        assertThat(question.answer()).isNotDone();
    }

    @Test
    void theAnswerToACancelledQuestionIsDropped() {
        Loop.PendingQuestion question = loop.ask(id -> new Question.Topics(id, Set.of("t"), false));
        loop.turn();
        loop.cancel(question);
        transport.answer(transport.lastSent(MetadataRequest.class), new MetadataResponse(LoopWorld.metadata()));
        loop.turn();

        assertThat(question.answer()).isNotDone();
    }

    @Test
    void aLoopThatFailsEndsEveryQuestion() {
        Loop.PendingQuestion question = loop.ask(id -> new Question.Topics(id, Set.of("t"), false));

        loop.fail(new KafkaException("over"));

        assertThat(question.answer()).isCompletedExceptionally();
    }

    @Test
    void refusedCredentialsReachTheApplication() {
        loop.submit((engine, nowNanos) -> engine.assign(java.util.Map.of(PARTITION, 1L), nowNanos));
        RequestFailure refused =
                new RequestFailure(RequestFailure.Kind.AUTHENTICATION, new KafkaException("who are you"));
        transport.readiness.put(-1, new Readiness.Failed(refused));
        loop.turn();

        assertThat(world.handover.takeRaised()).isSameAs(refused.cause());
    }

    @Test
    void aCommandThatThrowsEndsTheTurn() {
        loop.submit((engine, nowNanos) -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(loop::turn).hasMessage("broken");
    }
}
