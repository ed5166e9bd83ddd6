package dev.surefoot.core.session;

import static dev.surefoot.core.model.ModelAnswers.answer;
import static dev.surefoot.core.model.ModelAnswers.marks;
import static dev.surefoot.core.model.ModelAnswers.records;
import static dev.surefoot.core.model.ModelBatches.batch;
import static dev.surefoot.core.model.ModelBatches.join;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict.Doubt;
import dev.surefoot.core.session.Verdict.DoubtReason;
import dev.surefoot.core.session.Verdict.Mismatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made of an answer that says too much, too little, or the wrong thing. */
class AnswerInvariantsTest {
    private final SessionAndBroker pair = new SessionAndBroker();
    private TopicIdPartition a0;
    private TopicIdPartition a1;

    @BeforeEach
    void aLiveSession() {
        a0 = pair.key("a", 0);
        a1 = pair.key("a", 1);
        pair.want("a", 0, 10);
        pair.want("a", 1, 10);
        pair.exchange();
    }

    private FetchPlan sendFull() {
        pair.session.failed(pair.send());
        FetchPlan plan = pair.send();
        assertThat(plan.kind()).isEqualTo(Kind.FULL);
        return plan;
    }

    private void assertMismatch(Verdict verdict, Mismatch mismatch) {
        assertThat(verdict).isInstanceOf(Verdict.SessionMismatch.class);
        assertThat(((Verdict.SessionMismatch) verdict).mismatch()).isEqualTo(mismatch);
        assertThat(pair.session.belief().told()).isEmpty();
        assertThat(pair.plan()).extracting(FetchPlan::kind, FetchPlan::epoch).containsExactly(Kind.FULL, 0);
    }

    private static Verdict.Accepted accepted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return (Verdict.Accepted) verdict;
    }

    @Test
    void i15AFullAnswerWithoutAPartitionIsDiscardedWhole() {
        FetchPlan plan = sendFull();

        assertMismatch(pair.answer(plan, answer(55, List.of(marks(a0, 10)))), Mismatch.MISSING_PARTITION);
    }

    @Test
    void aContradictionSaysWhereItLies() {
        TopicIdPartition stranger = new TopicIdPartition(Uuid.randomUuid(), tp("a", 4));

        assertThat(detail(answer(55, List.of(marks(a0, 10)))))
                .contains(a1.toString())
                .doesNotContain(a0.toString());
        assertThat(detail(answer(55, List.of(marks(pair.key("a", 7), 10)))))
                .contains(pair.key("a", 7).toString());
        assertThat(detail(answer(55, List.of(marks(stranger, 10)))))
                .contains(stranger.topicId().toString(), "partition 4");
        pair.exchange();
        int own = pair.session.belief().sessionId();
        assertThat(((Verdict.SessionMismatch) pair.answer(pair.send(), answer(5_555, List.of()))).detail())
                .contains("session " + own, "session 5555");
    }

    /** What is said of this answer to a full request. */
    private String detail(FetchAnswer answer) {
        Verdict verdict = pair.answer(sendFull(), answer);
        assertThat(verdict).isInstanceOf(Verdict.SessionMismatch.class);
        return ((Verdict.SessionMismatch) verdict).detail();
    }

    @Test
    void aFullAnswerThatIsThrottledAndYetHasDataIsUsed() {
        FetchPlan plan = sendFull();

        Verdict.Accepted verdict =
                accepted(pair.answer(plan, ModelAnswers.throttled(55, List.of(marks(a0, 10), marks(a1, 10)))));

        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.OPENED);
        assertThat(verdict.reports()).hasSize(2);
    }

    @Test
    void i15AFullAnswerWithAPartitionTooManyIsDiscardedWhole() {
        FetchPlan plan = sendFull();

        assertMismatch(
                pair.answer(plan, answer(55, List.of(marks(a0, 10), marks(a1, 10), marks(pair.key("a", 2), 10)))),
                Mismatch.UNREQUESTED_PARTITION);
    }

    @Test
    void i15AnEmptyFullAnswerWithoutThrottlingIsAContradiction() {
        FetchPlan plan = sendFull();

        assertMismatch(pair.answer(plan, answer(0, List.of())), Mismatch.MISSING_PARTITION);
    }

    @Test
    void i17APartitionThatIsNotMentionedStaysAsItIs() {
        Map<TopicIdPartition, FetchTarget> told = pair.session.belief().told();

        Verdict.Accepted verdict = accepted(pair.answer(pair.send()));

        assertThat(verdict.reports()).isEmpty();
        assertThat(verdict.doubts()).isEmpty();
        assertThat(pair.session.belief().told()).isEqualTo(told);
        assertThat(pair.plan().partitions()).isEmpty();
    }

    @Test
    void i18APartitionThatWasNotAskedForSpoilsTheAnswerWithoutAnException() {
        int old = pair.session.belief().sessionId();

        Verdict verdict = pair.answer(pair.send(), records(a0, 20, batch(10, 1, 3)), marks(pair.key("a", 7), 5));

        assertMismatch(verdict, Mismatch.UNREQUESTED_PARTITION);
        assertThat(pair.plan().sessionId()).isEqualTo(old);
    }

    @Test
    void i18ATopicIdThatWasNotAskedForSpoilsTheAnswer() {
        TopicIdPartition stranger = new TopicIdPartition(Uuid.randomUuid(), tp("a", 0));

        assertMismatch(pair.answer(pair.send(), marks(stranger, 5)), Mismatch.UNREQUESTED_TOPIC_ID);
    }

    @Test
    void i18APartitionForgottenByThisVeryRequestIsNotAskedFor() {
        pair.unwant("a", 1);

        assertMismatch(pair.answer(pair.send(), marks(a1, 5)), Mismatch.UNREQUESTED_PARTITION);
    }

    @Test
    void i18APartitionWhoseForgettingWasSaidOnlyAfterwardsIsStillInTheSession() {
        FetchPlan plan = pair.send();
        pair.unwant("a", 1);

        assertThat(accepted(pair.answer(plan, marks(a1, 12))).reports()).hasSize(1);
    }

    @Test
    void anAnswerOfAnotherSessionIsNotUsed() {
        FetchPlan plan = pair.send();

        assertMismatch(
                pair.answer(plan, answer(plan.sessionId() + 1, List.of(marks(a0, 5)))), Mismatch.WRONG_SESSION_ID);
    }

    @Test
    void i19AReportSaysWhatTheBrokerWentBy() {
        FetchPlan plan = pair.send();
        pair.want("a", 0, 500);

        PartitionReport report = accepted(pair.answer(plan, records(a0, 20, batch(10, 5, 3))))
                .reports()
                .get(0);

        assertThat(report.target().fetchOffset()).isEqualTo(10);
        assertThat(report.batches().nextOffset()).isEqualTo(15);
    }

    @Test
    void i23DataThatLeadsNowhereIsLeftOutAndReplacesTheSession() {
        int old = pair.session.belief().sessionId();

        Verdict.Accepted verdict =
                accepted(pair.answer(pair.send(), records(a0, 20, batch(0, 10, 3)), records(a1, 20, batch(10, 1, 3))));

        assertThat(verdict.reports()).extracting(PartitionReport::partition).containsExactly(tp("a", 1));
        assertThat(verdict.doubts())
                .containsExactly(new Doubt(tp("a", 0), SessionAndBroker.at(10), DoubtReason.NO_PROGRESS, 1));
        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(Kind.FULL, old, 0);
    }

    @Test
    void i23DataThatKeepsLeadingNowhereIsAskedForAtAGrowingPace() {
        long pause = 0;
        for (int repeat = 1; repeat <= 4; repeat++) {
            FetchPlan plan = pair.send();
            int granted = plan.kind() == Kind.FULL ? 77 : plan.sessionId();
            Verdict.Accepted verdict = accepted(pair.answer(
                    plan, answer(granted, List.of(records(a0, 20, batch(0, 10, 3)), marks(a1, 10)))));
            assertThat(verdict.doubts()).extracting(Doubt::repeats).containsExactly(repeat);
            long next = pair.session.retryAtNanos() - pair.now;
            if (repeat == 1) {
                assertThat(next).as("the first is repaired at once").isZero();
            } else {
                assertThat(next).isGreaterThan(pause);
            }
            pause = next;
            pair.now += next;
        }
        pair.endOffsets.put(tp("a", 0), 20L);
        assertThat(pair.exchange().doubts()).isEmpty();
        assertThat(pair.session.retryAtNanos()).isLessThanOrEqualTo(pair.now);
    }

    @Test
    void i23DoubtsInARowAreCountedForEachPartitionAndEndWithAGoodAnswer() {
        FetchPlan plan = pair.send();
        assertThat(repeats(plan, plan.sessionId(), records(a0, 20, batch(0, 10, 3))))
                .containsExactly(1);
        assertThat(repeats(pair.send(), 77, records(a0, 20, batch(0, 10, 3)), records(a1, 20, batch(0, 10, 3))))
                .containsExactly(2, 1);
        assertThat(repeats(pair.send(), 78, marks(a0, 10), records(a1, 20, batch(0, 10, 3))))
                .containsExactly(2);
        assertThat(repeats(pair.send(), 79, records(a0, 20, batch(0, 10, 3)), marks(a1, 10)))
                .containsExactly(1);
    }

    private List<Integer> repeats(FetchPlan plan, int sessionId, PartitionAnswer... partitions) {
        return accepted(pair.answer(plan, answer(sessionId, List.of(partitions)))).doubts().stream()
                .map(Doubt::repeats)
                .toList();
    }

    @Test
    void i23AFirstBatchThatIsCutLeadsNowhere() {
        ByteBuffer cut = batch(10, 1, 3, 100).limit(90);

        assertThat(accepted(pair.answer(pair.send(), records(a0, 20, cut))).doubts())
                .extracting(Doubt::reason)
                .containsExactly(DoubtReason.NO_PROGRESS);
    }

    @Test
    void i23ACutBatchBehindAWholeOneIsNormal() {
        ByteBuffer both = join(List.of(batch(10, 2, 3), batch(12, 1, 3, 100)));
        both.limit(both.limit() - 5);

        Verdict.Accepted verdict = accepted(pair.answer(pair.send(), records(a0, 20, both)));

        assertThat(verdict.doubts()).isEmpty();
        assertThat(verdict.reports().get(0).batches().nextOffset()).isEqualTo(12);
    }

    @Test
    void i23LowBatchesBeforeGoodOnesAreNormal() {
        ByteBuffer both = join(List.of(batch(5, 8, 3), batch(13, 1, 3)));

        Verdict.Accepted verdict = accepted(pair.answer(pair.send(), records(a0, 20, both)));

        assertThat(verdict.doubts()).isEmpty();
        assertThat(verdict.reports().get(0).batches().nextOffset()).isEqualTo(14);
    }

    @Test
    void aCorruptHeaderIsTheRecordsFaultAndNotTheSessions() {
        ByteBuffer corrupt = batch(10, 1, 3);
        corrupt.put(16, (byte) 9);

        Verdict.Accepted verdict = accepted(pair.answer(pair.send(), records(a0, 20, corrupt)));

        assertThat(verdict.doubts()).isEmpty();
        assertThat(verdict.reports().get(0).batches().problem()).isNotNull();
    }

    @Test
    void aCorruptHeaderBehindLowBatchesIsTheRecordsFaultAndNotTheSessions() {
        ByteBuffer corrupt = batch(10, 1, 3);
        corrupt.put(16, (byte) 9);

        Verdict.Accepted verdict =
                accepted(pair.answer(pair.send(), records(a0, 20, join(List.of(batch(0, 10, 3), corrupt)))));

        assertThat(verdict.doubts()).isEmpty();
        assertThat(verdict.reports().get(0).batches().problem()).isNotNull();
    }

    @Test
    void aGoodAnswerWithoutAHighWatermarkIsNotBelieved() {
        FetchPlan plan = sendFull();

        Verdict.Accepted verdict =
                accepted(pair.answer(plan, answer(55, List.of(marks(a0, 10), records(a1, -1, batch(400, 1, 3))))));

        assertThat(verdict.doubts()).extracting(Doubt::reason).containsExactly(DoubtReason.NO_HIGH_WATERMARK);
        assertThat(verdict.reports()).extracting(PartitionReport::partition).containsExactly(tp("a", 0));
        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::sessionId)
                .containsExactly(Kind.FULL, 55);
    }

    @Test
    void errorsPreferredReplicasAndDivergencesNeedNoHighWatermark() {
        for (PartitionAnswer answer : List.of(
                ModelAnswers.error(a0, BrokerError.NOT_LEADER_OR_FOLLOWER),
                ModelAnswers.diverging(a0, 2, 5),
                ModelAnswers.preferring(a0, 0, -1),
                ModelAnswers.preferring(a0, 7, -1))) {
            Verdict.Accepted verdict = accepted(pair.answer(pair.send(), answer));

            assertThat(verdict.doubts()).isEmpty();
            assertThat(verdict.reports()).extracting(PartitionReport::answer).containsExactly(answer);
        }
    }

    @Test
    void i27APartitionThatIsAnsweredTwiceCountsOnce() {
        Verdict.Accepted verdict =
                accepted(pair.answer(pair.send(), records(a0, 20, batch(10, 1, 3)), records(a0, 20, batch(10, 5, 3))));

        assertThat(verdict.reports()).hasSize(1);
        assertThat(verdict.reports().get(0).batches().nextOffset()).isEqualTo(11);
    }

    @Test
    void i27APartitionThatIsNotBelievedIsNotBelievedTheSecondTimeEither() {
        Verdict.Accepted verdict =
                accepted(pair.answer(pair.send(), records(a0, 20, batch(0, 10, 3)), records(a0, 20, batch(10, 1, 3))));

        assertThat(verdict.reports()).isEmpty();
        assertThat(verdict.doubts()).extracting(Doubt::partition).containsExactly(tp("a", 0));
    }

    @Test
    void i27ADuplicateDoesNotStandInForAMissingPartition() {
        FetchPlan plan = sendFull();

        assertMismatch(
                pair.answer(plan, answer(55, List.of(marks(a0, 10), marks(a0, 10)))), Mismatch.MISSING_PARTITION);
    }
}
