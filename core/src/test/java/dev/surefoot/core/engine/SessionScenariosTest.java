package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are dropped, lost or refused: no record is lost, doubled or waited for in vain. */
class SessionScenariosTest {
    static final Predicate<Request<?>> FETCH = FetchRequest.class::isInstance;
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);

    private final EngineWorld world = new EngineWorld(1);

    @BeforeEach
    void aLiveSessionThatHasDeliveredAThousandRecords() {
        world.log(A0, 1, 100);
        world.log(A1, 1, 100);
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
        assertThat(world.lastPlan(1).kind()).isEqualTo(Kind.INCREMENTAL);
    }

    private int sessionId() {
        return world.lastPlan(1).sessionId();
    }

    /** Drops the next fetch that would leave, just as a metadata refresh is due. */
    private void dropNextFetch() {
        world.run(600 * MILLI);
        world.link.next(FETCH, Fate.REFUSED);
        world.engine.ask(new Question.Offsets(77, java.util.Map.of(tp("unheard-of", 0), -1L)));
    }

    @Test
    void t1i3AFetchThatIsDroppedWhileMetadataIsDueLosesNothing() {
        world.cluster.log(A0).append(10, 10, 0);
        dropNextFetch();

        world.runUntilConsumed(A0);

        assertThat(world.application.position(A0)).isEqualTo(1100);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).isEmpty();
    }

    @Test
    void t2i3APartitionAddedInADroppedFetchIsServed() {
        dropNextFetch();
        world.assign(A0, A1);

        world.runUntilConsumed(A1);
        assertThat(world.lastPlan(1).kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void t3i3APartitionForgottenInADroppedFetchLeavesTheBrokersSet() {
        world.assign(A0, A1);
        world.runUntilConsumed(A1);
        dropNextFetch();
        world.assign(A0);
        world.cluster.log(A1).append(1, 10, 0);
        int before = world.application.records(A1).size();

        world.run(3 * SECOND);

        assertThat(world.cluster.broker(1).held(sessionId())).containsOnlyKeys(world.cluster.key(A0));
        assertThat(world.application.records(A1)).hasSize(before);
    }

    @Test
    void t4i3ASeekInADroppedFetchHolds() {
        world.cluster.log(A0).append(900, 10, 0);
        dropNextFetch();
        world.seek(A0, 5000);
        int before = world.application.records(A0).size();

        world.runUntilConsumed(A0);

        assertThat(world.application.records(A0).get(before).fetchOffset()).isEqualTo(5000);
    }

    @Test
    void t6i5NoSecondFetchLeavesWhileAnAnswerIsNotProcessed() {
        world.link.next(FETCH, Fate.HELD);
        world.run(SECOND);
        int fetches = world.fetches(1).size();
        world.cluster.log(A0).append(1, 10, 0);
        world.seek(A0, 5);
        world.assign(A0, A1);

        world.run(10 * SECOND);

        assertThat(world.fetches(1)).hasSize(fetches);
        world.link.letGo(world.now);
        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).isEmpty();
    }

    @Test
    void t7i10AnAnswerThatIsLostCostsAFullFetchAndNoRecord() {
        int session = sessionId();
        world.cluster.log(A0).append(10, 10, 0);
        world.link.next(FETCH, Fate.ANSWER_LOST);
        world.run(501 * MILLI);

        world.runUntilConsumed(A0);

        assertThat(world.fetches(1))
                .extracting(FetchRequest::plan)
                .anySatisfy(plan -> assertThat(plan)
                        .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                        .containsExactly(Kind.FULL, session, 0));
        assertThat(world.cluster.broker(1).sessions()).isEqualTo(1);
        assertThat(world.link.heldBytes).isZero();
    }

    @Test
    void t8ASessionOutlivesItsConnectionWhileIdle() {
        int session = sessionId();
        world.link.connecting(1);
        world.run(3 * SECOND);
        world.cluster.log(A0).append(1, 10, 0);
        world.link.up(1);

        world.runUntilConsumed(A0);

        assertThat(world.lastPlan(1))
                .extracting(FetchPlan::kind, FetchPlan::sessionId)
                .containsExactly(Kind.INCREMENTAL, session);
    }

    @Test
    void t9i29AnEvictedSessionIsReplacedWithinTwoRoundTripsAndNobodyIsTold() {
        world.run(400 * MILLI);
        world.cluster.broker(1).evictAll();
        world.cluster.log(A0).append(1, 10, 0);
        int fetches = world.fetches(1).size();

        world.runUntilConsumed(A0);

        assertThat(world.fetches(1).subList(fetches, fetches + 2))
                .extracting(fetch -> fetch.plan().kind())
                .containsExactly(Kind.INCREMENTAL, Kind.FULL);
        assertThat(world.application.failures()).isEmpty();
        assertThat(world.application.events(EngineEvent.Raised.class)).isEmpty();
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).hasSize(1);
    }

    @Test
    void t10i29RepeatedRefusalsArePacedAndNeverRepeatTheEpoch() {
        int session = sessionId();
        int fetches = world.fetches(1).size();
        for (int i = 0; i < 4; i++) {
            world.link.editNextFetch(answer -> ModelAnswers.refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));
        }
        world.cluster.log(A0).append(1, 10, 0);
        long before = world.now;

        world.runUntilConsumed(A0);

        assertThat(world.fetches(1).subList(fetches + 1, fetches + 4))
                .allSatisfy(fetch -> assertThat(fetch.plan())
                        .extracting(FetchPlan::sessionId, FetchPlan::epoch)
                        .containsExactly(session, 0));
        assertThat(world.now - before).isGreaterThan(400 * MILLI);
        assertThat(world.application.failures()).isEmpty();
    }

    @Test
    void t12i16WithoutSlotsFullFetchesGoOnAndASessionIsTakenUpLater() {
        world.cluster.broker(1).evictAll();
        world.cluster.broker(1).slots(0);
        world.assign(A0, A1);
        world.runUntilConsumed(A1);
        world.cluster.log(A0).append(50, 10, 0);
        world.runUntilConsumed(A0);
        assertThat(world.lastPlan(1).kind()).isEqualTo(Kind.FULL);

        world.cluster.broker(1).slots(1);
        world.run(2 * SECOND);

        assertThat(world.lastPlan(1).kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void t13ThrottlingOfAnIncrementalFetchKeepsTheSession() {
        int session = sessionId();
        world.cluster.log(A0).append(1, 10, 0);
        world.cluster.broker(1).throttleNext();

        world.runUntilConsumed(A0);

        assertThat(sessionId()).isEqualTo(session);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).isEmpty();
    }

    @Test
    void t13ThrottlingOfAFullFetchIsNoError() {
        world.cluster.broker(1).evictAll();
        world.run(501 * MILLI);
        world.cluster.broker(1).evictAll();
        world.cluster.broker(1).throttleNext();
        world.cluster.log(A0).append(1, 10, 0);

        world.runUntilConsumed(A0);
        world.run(2 * SECOND);

        assertThat(world.lastPlan(1).kind()).isEqualTo(Kind.INCREMENTAL);
        assertThat(world.application.failures()).isEmpty();
    }

    @Test
    void t14i26ASessionThatWantsNothingIsEndedAfterAWhileAndALaterPartitionOpensAnother() {
        int session = sessionId();
        world.pause(A0);
        world.run(3 * SECOND);
        assertThat(world.cluster.broker(1).sessions())
                .as("a short pause costs no session")
                .isEqualTo(1);

        world.run(5 * SECOND);

        assertThat(world.cluster.broker(1).sessions()).isZero();
        int fetches = world.fetches(1).size();
        world.run(20 * SECOND);
        assertThat(world.fetches(1)).hasSize(fetches);
        world.resume(A0);
        world.cluster.log(A0).append(1, 10, 0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
        assertThat(sessionId()).isNotEqualTo(session);
    }

    @Test
    void t15i18APartitionThatWasNotAskedForIsInvisibleAndTheOthersLoseNothing() {
        world.cluster.log(A0).append(1, 10, 0);
        world.link.editNextFetch(answer -> {
            var both = new java.util.ArrayList<>(answer.partitions());
            both.add(ModelAnswers.marks(world.cluster.key(A1), 7));
            return ModelAnswers.answer(answer.sessionId(), List.copyOf(both));
        });

        world.runUntilConsumed(A0);

        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).hasSize(1);
        assertThat(world.application.taken)
                .noneMatch(delivery -> delivery.partition().equals(A1));
        assertThat(world.link.heldBytes).isZero();
    }

    @Test
    void t16i23BatchesFromBelowAreNotDeliveredAndAskedForEverMoreSlowly() {
        world.cluster.log(A0).servesLowBatches = true;
        world.run(501 * MILLI);
        int fetches = world.fetches(1).size();

        world.run(10 * SECOND);

        assertThat(world.fetches(1).size() - fetches).isBetween(8, 16);
        assertThat(world.application.position(A0)).isEqualTo(1000);
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).hasSizeGreaterThan(7);
        world.cluster.log(A0).servesLowBatches = false;
        world.cluster.log(A0).append(1, 10, 0);
        world.runUntilConsumed(A0);
    }

    @Test
    void t23i24APartitionThatTheBrokerLosesComesBackWithinTheAuditInterval() {
        world.assign(A0, A1);
        world.runUntilConsumed(A1);
        world.run(SECOND);
        world.cluster.broker(1).lose(world.cluster.key(A1));
        world.cluster.log(A1).append(1, 10, 0);
        world.run(10 * SECOND);
        assertThat(world.application.position(A1)).as("silence").isEqualTo(1000);

        world.run(EngineWorld.AUDIT_NANOS);

        assertThat(world.application.position(A1)).isEqualTo(1010);
    }

    @Test
    void i2EveryFateOfARequestLeavesTheNodeFreeForTheNext() {
        for (Fate fate : List.of(Fate.REFUSED, Fate.REQUEST_LOST, Fate.ANSWER_LOST)) {
            world.link.next(FETCH, fate);
            world.cluster.log(A0).append(1, 10, 0);
            world.runUntilConsumed(A0);
        }
        world.link.editNextFetch(answer -> ModelAnswers.refused(BrokerError.UNKNOWN_SERVER_ERROR));
        world.cluster.log(A0).append(1, 10, 0);
        world.runUntilConsumed(A0);
        assertThat(world.link.heldBytes).isZero();
    }

    @Test
    void i32AnEmptyIncrementalFetchIsNotAskedToReturnAtOnce() {
        int fetches = world.fetches(1).size();
        world.run(10 * SECOND);

        assertThat(world.fetches(1).size() - fetches).isLessThan(22);
    }

    @Test
    void i30ClosingEndsTheSessionAtItsBroker() {
        List<FetchRequest> closing = world.engine.close();

        assertThat(closing).hasSize(1);
        assertThat(closing.get(0).plan())
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(Kind.CLOSE, sessionId(), -1);
    }
}
