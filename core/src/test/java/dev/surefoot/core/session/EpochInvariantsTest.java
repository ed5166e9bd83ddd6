package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Session id and epoch of each request, by what came before it. */
class EpochInvariantsTest {
    private final SessionAndBroker pair = new SessionAndBroker();

    @BeforeEach
    void aLiveSession() {
        pair.want("a", 0, 0);
        pair.want("a", 1, 0);
        pair.exchange();
    }

    private int sessionId() {
        return pair.session.belief().sessionId();
    }

    @Test
    void i7TheFirstRequestOpensASessionAndTheNextOnesCountUpFromOne() {
        SessionAndBroker fresh = new SessionAndBroker();
        fresh.want("a", 0, 0);

        assertThat(fresh.plan())
                .extracting(FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(0, 0);
        fresh.exchange();
        for (int epoch = 1; epoch < 10; epoch++) {
            assertThat(fresh.plan().epoch()).isEqualTo(epoch);
            fresh.exchange();
        }
    }

    @Test
    void t11i7TheEpochAfterTheLargestIsOne() {
        SessionAndBroker old = new SessionAndBroker(Integer.MAX_VALUE - 1);
        old.want("a", 0, 0);
        old.exchange();
        int opened = old.session.belief().sessionId();

        for (int epoch : List.of(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1, 2)) {
            assertThat(old.plan())
                    .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                    .containsExactly(Kind.INCREMENTAL, opened, epoch);
            old.exchange();
        }
    }

    @Test
    void aFirstEpochThatTheProtocolReservesIsRefused() {
        for (int reserved : List.of(0, -1, Integer.MIN_VALUE)) {
            assertThatThrownBy(() -> new SessionAndBroker(reserved))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got " + reserved);
        }
    }

    @Test
    void i8APartitionErrorAdvancesTheEpoch() {
        pair.errors.put(tp("a", 1), BrokerError.NOT_LEADER_OR_FOLLOWER);
        int before = pair.plan().epoch();

        pair.exchange();

        assertThat(pair.plan().epoch()).isEqualTo(before + 1);
    }

    @Test
    void i8AThrottledIncrementalAnswerAdvancesTheEpochAndCountsAsTold() {
        int before = pair.plan().epoch();
        pair.want("a", 0, 5);
        pair.broker.throttleNext();

        Verdict.Accepted verdict = pair.exchange();

        assertThat(verdict.outcome()).isEqualTo(Outcome.CONTINUED);
        assertThat(verdict.reports()).isEmpty();
        assertThat(pair.plan().epoch()).isEqualTo(before + 1);
        assertThat(pair.plan().partitions()).isEmpty();
    }

    @Test
    void i8AThrottledFullAnswerOpensNothingAndSaysNothingOfPartitions() {
        pair.session.failed(pair.send());
        pair.broker.throttleNext();

        Verdict.Accepted verdict = pair.exchange();

        assertThat(verdict.outcome()).isEqualTo(Outcome.THROTTLED);
        assertThat(verdict.reports()).isEmpty();
        assertThat(pair.plan())
                .extracting(FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(0, 0);
    }

    @Test
    void i9AfterAnUnknownSessionTheNextRequestNamesNone() {
        pair.broker.evictAll();
        FetchPlan plan = pair.send();

        Verdict verdict = pair.answer(plan, pair.broker.serve(plan));

        assertThat(verdict).isEqualTo(new Verdict.Refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND));
        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(Kind.FULL, 0, 0);
        assertThat(pair.session.belief().state()).isEqualTo(SessionBelief.State.NONE);
        assertThat(pair.exchange().outcome()).isEqualTo(Outcome.OPENED);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"NONE", "FETCH_SESSION_ID_NOT_FOUND"},
            mode = EnumSource.Mode.EXCLUDE)
    void i9AfterAnyOtherErrorTheNextRequestReplacesTheOldSession(BrokerError error) {
        int old = sessionId();

        Verdict verdict = pair.answer(pair.send(), ModelAnswers.refused(error));

        assertThat(verdict).isEqualTo(new Verdict.Refused(error));
        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(Kind.FULL, old, 0);
        pair.exchange();
        assertThat(pair.broker.sessions()).isEqualTo(1);
    }

    @Test
    void i9EachOfThreeRefusalsIsFollowedByEpochZeroAndNeverByTheRefusedEpoch() {
        int old = sessionId();
        for (int refusal = 0; refusal < 3; refusal++) {
            pair.answer(pair.send(), ModelAnswers.refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));
            assertThat(pair.plan())
                    .extracting(FetchPlan::sessionId, FetchPlan::epoch)
                    .containsExactly(old, 0);
        }
    }

    @Test
    void i10AfterAnUnknownOutcomeTheNextRequestIsAFullOneThatReplacesTheSession() {
        int old = sessionId();
        pair.want("a", 0, 1);
        FetchPlan lost = pair.send();
        pair.broker.serve(lost);

        pair.session.failed(lost);

        assertThat(pair.session.belief().told()).isEmpty();
        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(Kind.FULL, old, 0);
        assertThat(pair.exchange().outcome()).isEqualTo(Outcome.OPENED);
        assertThat(pair.broker.sessions()).isEqualTo(1);
    }

    @Test
    void aSessionThatIsIdleGoesOnWhereItWas() {
        FetchPlan before = pair.plan();
        pair.now += SessionAndBroker.AUDIT_NANOS / 2;

        assertThat(pair.plan()).isEqualTo(before);
    }

    @Test
    void i16AnAnswerWithoutASessionIdEndsTheSessionAndKeepsTheData() {
        for (int ended : List.of(0, -1)) {
            FetchPlan plan = pair.send();
            Verdict verdict =
                    pair.answer(plan, ModelAnswers.answer(ended, List.of(ModelAnswers.marks(pair.key("a", 0), 5))));

            assertThat(((Verdict.Accepted) verdict).outcome()).isEqualTo(Outcome.ENDED);
            assertThat(((Verdict.Accepted) verdict).reports()).hasSize(1);
            assertThat(pair.plan())
                    .extracting(FetchPlan::sessionId, FetchPlan::epoch)
                    .containsExactly(0, 0);
            pair.broker.evictAll();
            pair.exchange();
        }
    }

    @Test
    void i16ABrokerWithoutASlotIsAskedForASessionAgain() {
        pair.broker.evictAll();
        pair.broker.slots(0);
        pair.session.failed(pair.send());

        assertThat(pair.exchange().outcome()).isEqualTo(Outcome.NOT_GRANTED);
        assertThat(pair.plan().kind()).isEqualTo(Kind.FULL);
        pair.broker.slots(1);
        assertThat(pair.exchange().outcome()).isEqualTo(Outcome.OPENED);
    }

    @Test
    void i16ForgettingTheLastPartitionEndsTheSessionAndALaterOneOpensAnother() {
        pair.unwant("a", 0);
        pair.unwant("a", 1);

        assertThat(pair.session.wantsAny()).isFalse();
        assertThat(pair.session.brokerHoldsAny()).isTrue();
        assertThat(pair.exchange().outcome()).isEqualTo(Outcome.ENDED);
        assertThat(pair.session.brokerHoldsAny()).isFalse();
        assertThat(pair.broker.sessions()).isZero();
        pair.want("a", 1, 0);
        assertThat(pair.plan())
                .extracting(FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(0, 0);
        assertThat(pair.exchange().outcome()).isEqualTo(Outcome.OPENED);
    }
}
