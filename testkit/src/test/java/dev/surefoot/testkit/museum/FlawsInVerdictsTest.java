package dev.surefoot.testkit.museum;

import static dev.surefoot.testkit.museum.OneSession.GRANTED;
import static dev.surefoot.testkit.museum.OneSession.answer;
import static dev.surefoot.testkit.museum.OneSession.at;
import static dev.surefoot.testkit.museum.OneSession.marks;
import static dev.surefoot.testkit.museum.OneSession.record;
import static dev.surefoot.testkit.museum.OneSession.throttled;
import static dev.surefoot.testkit.museum.OneSession.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Mismatch;
import dev.surefoot.core.session.Verdict.Outcome;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Exhibits that make the wrong thing of an answer. */
class FlawsInVerdictsTest {

    private static Verdict.Accepted accepted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return (Verdict.Accepted) verdict;
    }

    @Test
    void f5HandsOnWhatWasNotAskedFor() {
        OneSession one = new OneSession("F5").opened("a");

        Verdict.Accepted verdict = accepted(
                one.answer(one.send(), record(one.key("a", 0), 0), record(one.key("a", 9), 4), marks(one.key("b", 0))));

        assertThat(verdict.outcome()).isEqualTo(Outcome.CONTINUED);
        assertThat(verdict.reports()).extracting(PartitionReport::partition).containsExactly(tp("a", 0), tp("a", 9));
        assertThat(one.plan().kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void f25TakesTheAnswerForOneToThePositionSoughtMeanwhile() {
        OneSession one = new OneSession("F25").opened("a");
        FetchPlan plan = one.send();
        one.want("a", 0, at(50));

        Verdict.Accepted verdict = accepted(one.answer(plan, record(one.key("a", 0), 0), record(one.key("a", 1), 0)));

        assertThat(verdict.reports()).extracting(PartitionReport::target).containsExactly(at(50), at(0));
        assertThat(verdict.reports().get(0).batches().fetchOffset()).isEqualTo(50);
    }

    @Test
    void f28GoesOnWithDataThatDoesNotLeadOn() {
        OneSession one = new OneSession("F28").opened("a");
        one.want("a", 0, at(50));
        one.answer(one.send());

        Verdict.Accepted verdict =
                accepted(one.answer(one.send(), record(one.key("a", 0), 3), record(one.key("a", 1), 0)));

        assertThat(verdict.doubts()).isEmpty();
        assertThat(verdict.reports()).extracting(PartitionReport::partition).containsExactly(tp("a", 1));
        assertThat(one.plan().kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void f30AcceptsAFullAnswerThatLacksAPartition() {
        OneSession one = new OneSession("F30");
        one.want("a", 0, at(0));
        one.want("a", 1, at(0));

        Verdict.Accepted verdict = accepted(one.answer(one.send(), marks(one.key("a", 1))));

        assertThat(verdict.outcome()).isEqualTo(Outcome.OPENED);
        assertThat(verdict.doubts()).isEmpty();
        assertThat(verdict.reports()).extracting(PartitionReport::partition).containsExactly(tp("a", 1));
        assertThat(one.plan().kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void f30StillKnowsThrottling() {
        OneSession one = new OneSession("F30");
        one.want("a", 0, at(0));

        assertThat(accepted(one.answer(one.send(), throttled(0))).outcome()).isEqualTo(Outcome.THROTTLED);
    }

    @Test
    void a5AcceptsAnotherSessionsAnswer() {
        OneSession one = new OneSession("A5").opened("a");

        Verdict.Accepted verdict = accepted(one.answer(one.send(), answer(GRANTED + 1, marks(one.key("a", 0)))));

        assertThat(verdict.outcome()).isEqualTo(Outcome.CONTINUED);
        assertThat(one.plan().sessionId()).isEqualTo(GRANTED);
    }

    @Test
    void a5StillKnowsWhatWasNotAskedFor() {
        OneSession one = new OneSession("A5").opened("a");

        Verdict verdict = one.answer(one.send(), answer(GRANTED + 1, marks(one.key("a", 9))));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.SessionMismatch.class,
                        diverged -> assertThat(diverged.mismatch()).isEqualTo(Mismatch.UNREQUESTED_PARTITION));
    }

    @Test
    void x27ReportsTwiceWhatIsMentionedTwice() {
        OneSession one = new OneSession("X27").opened("a");
        TopicPartition twice = tp("a", 0);

        Verdict.Accepted verdict = accepted(
                one.answer(one.send(), record(one.key("a", 0), 0), marks(one.key("a", 1)), record(one.key("a", 0), 0)));

        assertThat(verdict.reports()).extracting(PartitionReport::partition).containsExactly(twice, twice, tp("a", 1));
    }
}
