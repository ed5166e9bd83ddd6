package dev.surefoot.testkit.museum;

import static dev.surefoot.testkit.museum.OneSession.AUDIT_NANOS;
import static dev.surefoot.testkit.museum.OneSession.at;
import static dev.surefoot.testkit.museum.OneSession.record;
import static dev.surefoot.testkit.museum.OneSession.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Exhibits that tell the broker too little, too much or the wrong thing. */
class FlawsInRequestsTest {

    @Test
    void f1BelievesWhatADroppedPlanWasToTell() {
        OneSession one = new OneSession("F1").opened("a");
        one.want("a", 0, at(5));

        assertThat(one.plan().partitions()).containsEntry(one.key("a", 0), at(5));
        FetchPlan next = one.send();

        assertThat(next.kind()).isEqualTo(Kind.INCREMENTAL);
        assertThat(next.partitions()).isEmpty();
        Verdict.Accepted verdict = (Verdict.Accepted) one.answer(next, record(one.key("a", 0), 0));
        assertThat(verdict.doubts()).isEmpty();
        assertThat(verdict.reports().get(0).target()).isEqualTo(at(5));
        assertThat(one.plan().partitions()).as("and so on, for ever").isEmpty();
    }

    @Test
    void f1BelievesThatADroppedPlanForgot() {
        OneSession one = new OneSession("F1").opened("a");
        one.session.unwant(tp("a", 1));

        assertThat(one.plan().forgotten()).containsExactly(one.key("a", 1));
        assertThat(one.plan().forgotten()).isEmpty();
    }

    @Test
    void f7ForgetsNothingThatIsNotWantedAnyMore() {
        OneSession one = new OneSession("F7").opened("a");
        one.session.unwant(tp("a", 1));

        assertThat(one.plan().forgotten()).isEmpty();
    }

    @Test
    void f7StillAuditsSilence() {
        OneSession one = new OneSession("F7").opened("a");
        one.now += AUDIT_NANOS;

        assertThat(one.plan().forgotten()).hasSize(1);
    }

    @Test
    void f10AuditsNoSilence() {
        OneSession one = new OneSession("F10").opened("a");
        one.now += AUDIT_NANOS;

        assertThat(one.plan().forgotten()).isEmpty();
        assertThat(one.plan().immediate()).isFalse();
    }

    @Test
    void f10StillForgetsWhatIsNotWantedAndWhatWasCreatedAgain() {
        OneSession one = new OneSession("F10").opened("a");
        TopicIdPartition old = one.key("a", 0);
        one.session.unwant(tp("a", 1));
        one.createAgain("a");
        one.want("a", 0, at(0));

        assertThat(one.plan().forgotten())
                .containsExactlyInAnyOrder(old, new TopicIdPartition(old.topicId(), tp("a", 1)));
    }

    @Test
    void f13IsInAHurryWithNothingToTell() {
        OneSession one = new OneSession("F13").opened("a");

        assertThat(one.plan().immediate()).isTrue();
        one.want("a", 0, at(5));
        assertThat(one.plan().immediate()).isFalse();
    }

    @Test
    void f18DoesNotTellALeaderEpochAlone() {
        OneSession one = new OneSession("F18").opened("a");
        one.want("a", 0, at(0, 4));
        one.want("a", 1, at(5, 4));

        assertThat(one.plan().partitions()).containsOnlyKeys(one.key("a", 1));
    }

    @Test
    void f19ForgetsWithTheZeroId() {
        OneSession one = new OneSession("F19").opened("a");
        one.session.unwant(tp("a", 1));

        assertThat(one.plan().forgotten()).containsExactly(new TopicIdPartition(Uuid.ZERO_UUID, tp("a", 1)));
    }

    @Test
    void f20KeepsTheOldIdOfATopicThatWasCreatedAgain() {
        OneSession one = new OneSession("F20").opened("a");
        TopicIdPartition old = one.key("a", 0);
        one.createAgain("a");
        one.want("a", 0, at(5));
        one.want("a", 1, at(0));

        FetchPlan plan = one.plan();

        assertThat(plan.forgotten()).isEmpty();
        assertThat(plan.partitions()).containsOnly(Map.entry(old, at(5)));
    }

    @Test
    void f23ForgetsWhatIsBufferedAndAddsItAgain() {
        OneSession one = new OneSession("F23").opened("a");
        one.answer(one.send(), record(one.key("a", 0), 0));
        one.want("a", 0, at(1));

        FetchPlan forgetting = one.send();
        one.answer(forgetting);
        FetchPlan adding = one.plan();

        assertThat(forgetting.partitions()).isEmpty();
        assertThat(forgetting.forgotten()).containsExactly(one.key("a", 0));
        assertThat(adding.partitions()).containsOnly(Map.entry(one.key("a", 0), at(1)));
        assertThat(adding.forgotten()).isEmpty();
    }

    @Test
    void f26ChangesARequestThatWasSent() {
        OneSession one = new OneSession("F26").opened("a");
        one.want("a", 0, at(5));
        FetchPlan plan = one.send();
        Map<TopicIdPartition, FetchTarget> whenSent = new LinkedHashMap<>(plan.partitions());

        one.want("a", 0, at(9));

        assertThat(plan.partitions()).isNotEqualTo(whenSent).containsEntry(one.key("a", 0), at(9));
    }

    @Test
    void f27TellsNothingTheSecondTime() {
        OneSession one = new OneSession("F27");
        one.want("a", 0, at(5));
        FetchPlan plan = one.send();

        assertThat(plan.partitions()).containsEntry(one.key("a", 0), at(5)).hasSize(1);
        assertThat(List.copyOf(plan.partitions().keySet())).hasSize(1);
        assertThat(List.copyOf(plan.partitions().keySet())).isEmpty();
    }

    @Test
    void a7ListsInSortedOrder() {
        OneSession one = new OneSession("A7");
        one.want("b", 0, at(0));
        one.want("a", 1, at(0));
        one.want("a", 0, at(0));

        assertThat(one.plan().partitions().keySet()).containsExactly(one.key("a", 0), one.key("a", 1), one.key("b", 0));
    }
}
