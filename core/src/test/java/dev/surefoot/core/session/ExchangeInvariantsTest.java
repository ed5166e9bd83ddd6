package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.AUDIT_NANOS;
import static dev.surefoot.core.session.SessionAndBroker.BACKOFF_NANOS;
import static dev.surefoot.core.session.SessionAndBroker.SECOND;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One request at a time, paced when refused, audited when silent, and closed once. */
class ExchangeInvariantsTest {
    private final SessionAndBroker pair = new SessionAndBroker();

    @BeforeEach
    void aLiveSession() {
        pair.want("a", 0, 0);
        pair.want("a", 1, 0);
        pair.exchange();
    }

    @Test
    void i5NothingIsPlannedOrSentWhileARequestIsOutstanding() {
        FetchPlan plan = pair.send();

        assertThat(pair.session.outstanding()).isTrue();
        assertThatThrownBy(pair::plan).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.session.sent(plan)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void i2EachRequestEndsOnce() {
        FetchPlan plan = pair.send();
        pair.answer(plan);

        assertThatThrownBy(() -> pair.answer(plan)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.session.failed(plan)).isInstanceOf(IllegalStateException.class);
        assertThat(pair.session.outstanding()).isFalse();
    }

    @Test
    void i2AnotherRequestThatSaysTheSameIsAnotherRequest() {
        FetchPlan plan = pair.send();
        FetchPlan twin = new FetchPlan(
                plan.kind(),
                plan.sessionId(),
                plan.epoch(),
                plan.byTopicId(),
                plan.partitions(),
                plan.forgotten(),
                plan.immediate());

        assertThatThrownBy(() -> pair.session.failed(twin))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(twin.toString());
        assertThat(pair.session.outstanding()).isTrue();
    }

    @Test
    void i6NoOutcomeLeavesTheSessionOutstanding() {
        List<FetchAnswer> answers = List.of(
                ModelAnswers.refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND),
                ModelAnswers.refused(BrokerError.INVALID_REQUEST),
                ModelAnswers.throttled(0),
                ModelAnswers.answer(99, List.of(ModelAnswers.marks(pair.key("x", 0), 1))),
                ModelAnswers.answer(0, List.of()));
        for (FetchAnswer answer : answers) {
            pair.answer(pair.send(), answer);
            assertThat(pair.session.outstanding()).as("after %s", answer).isFalse();
        }
        pair.session.failed(pair.send());
        assertThat(pair.session.outstanding()).isFalse();
    }

    @Test
    void i29TheFirstResetIsRepairedAtOnceAndRepeatsArePaced() {
        long pause = 0;
        for (int reset = 1; reset <= 8; reset++) {
            pair.answer(pair.send(), ModelAnswers.refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));
            long next = pair.session.retryAtNanos() - pair.now;
            if (reset == 1) {
                assertThat(next).isZero();
            } else {
                assertThat(next).isBetween((long) (0.8 * BACKOFF_NANOS), (long) (1.2 * SECOND));
            }
            assertThat(next).isGreaterThanOrEqualTo(reset < 5 ? pause : SECOND / 2);
            pause = next;
            pair.now += next;
        }
        pair.broker.evictAll();
        pair.exchange();
        pair.answer(pair.send(), ModelAnswers.refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND));
        assertThat(pair.session.retryAtNanos())
                .as("an orderly answer ends the row")
                .isEqualTo(pair.now);
    }

    @Test
    void i29AnswersThatContradictAreAskedForAgainAtOnceAndThenPaced() {
        for (int reset = 1; reset <= 3; reset++) {
            pair.answer(pair.send(), ModelAnswers.answer(99, List.of(ModelAnswers.marks(pair.key("x", 0), 1))));

            long next = pair.session.retryAtNanos() - pair.now;
            if (reset == 1) {
                assertThat(next).isZero();
            } else {
                assertThat(next).isGreaterThanOrEqualTo((long) (0.8 * BACKOFF_NANOS));
            }
            assertThat(pair.session.belief().resetsInARow()).isEqualTo(reset);
            pair.now += next;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FETCH_SESSION_ID_NOT_FOUND", "INVALID_FETCH_SESSION_EPOCH", "FETCH_SESSION_TOPIC_ID_ERROR"})
    void i29EverySessionErrorIsRepairedAtOnceTheFirstTime(BrokerError error) {
        pair.answer(pair.send(), ModelAnswers.refused(error));

        assertThat(pair.session.retryAtNanos()).isEqualTo(pair.now);
    }

    @Test
    void i29AnErrorThatIsNotTheSessionsIsPacedFromTheFirst() {
        pair.answer(pair.send(), ModelAnswers.refused(BrokerError.UNKNOWN_SERVER_ERROR));

        assertThat(pair.session.retryAtNanos() - pair.now).isGreaterThanOrEqualTo((long) (0.8 * BACKOFF_NANOS));
    }

    @Test
    void aSessionIsDueAtOnceWhateverTheClockCountsFrom() {
        SessionAndBroker fresh = new SessionAndBroker();

        assertThat(fresh.session.retryAtNanos()).isLessThanOrEqualTo(-SECOND);
    }

    @Test
    void i24APartitionThatTheBrokerLostIsAnnouncedAnewAndComesBack() {
        pair.broker.lose(pair.key("a", 1));
        pair.endOffsets.put(tp("a", 1), 5L);
        FetchPlan plan = pair.send();
        assertThat(((Verdict.Accepted) pair.answer(plan, pair.broker.serve(plan))).reports())
                .as("silence")
                .isEmpty();
        pair.now += AUDIT_NANOS;
        pair.endOffsets.put(tp("a", 0), 5L);
        plan = pair.send();
        pair.answer(plan, pair.broker.serve(plan));

        Verdict.Accepted verdict = pair.exchange();

        assertThat(verdict.reports()).extracting(PartitionReport::partition).contains(tp("a", 1));
    }

    @Test
    void i24AnAuditForgetsInOneRequestThatDoesNotWaitAndAddsInTheNext() {
        pair.want("b", 0, 0);
        pair.exchange();
        pair.now += AUDIT_NANOS / 2;
        pair.endOffsets.put(tp("b", 0), 3L);
        pair.exchange();
        pair.now += AUDIT_NANOS / 2;

        FetchPlan forgets = pair.plan();
        assertThat(forgets.forgotten()).containsExactlyInAnyOrder(pair.key("a", 0), pair.key("a", 1));
        assertThat(forgets.immediate()).isTrue();
        pair.exchange();
        FetchPlan adds = pair.plan();
        assertThat(adds.partitions()).containsOnlyKeys(pair.key("a", 0), pair.key("a", 1));
        assertThat(adds.forgotten()).isEmpty();
        assertThat(adds.immediate()).isFalse();
        assertThat(pair.exchange().reports())
                .extracting(PartitionReport::partition)
                .contains(tp("a", 0), tp("a", 1));
        assertThat(pair.plan().forgotten()).isEmpty();
    }

    @Test
    void i24AnAuditOfManyPartitionsIsSpreadOverRequestsAndLeavesNoneOut() {
        for (int partition = 0; partition < 500; partition++) {
            pair.want("many", partition, 0);
        }
        pair.exchange();
        pair.now += AUDIT_NANOS;
        Set<Integer> audited = new TreeSet<>();
        for (int round = 0; round < 20; round++) {
            FetchPlan plan = pair.plan();
            assertThat(plan.forgotten()).hasSizeLessThanOrEqualTo(VerifiedFetchSession.AUDITED_PER_REQUEST_MAX);
            plan.forgotten().stream()
                    .filter(key -> key.topic().equals("many"))
                    .forEach(key -> audited.add(key.partition()));
            pair.exchange();
        }
        assertThat(audited).hasSize(500);
        assertThat(pair.session.belief().told()).hasSize(502);
    }

    @Test
    void i24APartitionThatChangesDuringItsAuditIsAddedAsItIsWantedThen() {
        pair.want("b", 0, 0);
        pair.exchange();
        pair.now += AUDIT_NANOS;
        FetchPlan audit = pair.send();
        pair.want("a", 0, 44);
        pair.unwant("a", 1);
        pair.answer(audit, pair.broker.serve(audit));

        pair.exchange();

        assertThat(pair.session.belief().told()).doesNotContainKey(pair.key("a", 1));
        assertThat(pair.session.belief().told()).containsEntry(pair.key("a", 0), SessionAndBroker.at(44));
    }

    @Test
    void i30ClosingNamesTheSessionWithTheFinalEpochAndNothingElse() {
        int old = pair.session.belief().sessionId();

        FetchPlan close = pair.session.close();

        assertThat(close)
                .isEqualTo(new FetchPlan(Kind.CLOSE, old, FetchPlan.FINAL_EPOCH, false, Map.of(), List.of(), true));
        pair.broker.serve(close);
        assertThat(pair.broker.sessions()).isZero();
    }

    @Test
    void i30ClosingASessionThatNeverWasSendsNothing() {
        assertThat(new SessionAndBroker().session.close()).isNull();
    }

    @Test
    void i30ClosingTwiceClosesOnce() {
        pair.session.close();

        assertThat(pair.session.close()).isNull();
    }

    @Test
    void i30NoAnswerRevivesAClosedSession() {
        FetchPlan plan = pair.send();
        pair.session.close();

        assertThat(pair.answer(plan, pair.broker.serve(plan))).isEqualTo(new Verdict.Ignored());

        assertThat(pair.session.belief().state()).isEqualTo(SessionBelief.State.CLOSED);
        assertThat(pair.session.outstanding()).isFalse();
        assertThatThrownBy(pair::plan).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void i30NoFailureRevivesAClosedSession() {
        FetchPlan plan = pair.send();
        pair.session.close();
        pair.session.failed(plan);

        assertThat(pair.session.belief().state()).isEqualTo(SessionBelief.State.CLOSED);
    }

    @Test
    void anEvictedSessionIsReplacedWithinOneMoreExchange() {
        pair.broker.evictAll();
        pair.endOffsets.put(tp("a", 0), 5L);
        FetchPlan plan = pair.send();
        pair.answer(plan, pair.broker.serve(plan));

        Verdict.Accepted verdict = pair.exchange();

        assertThat(verdict.outcome()).isEqualTo(Outcome.OPENED);
        assertThat(verdict.reports()).hasSize(2);
        assertThat(pair.session.retryAtNanos()).isLessThanOrEqualTo(pair.now);
    }
}
