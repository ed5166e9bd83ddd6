package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.at;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.FetchPlan.Kind;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a plan says, and that computing one changes nothing. */
class PlanningInvariantsTest {
    private final SessionAndBroker pair = new SessionAndBroker();

    @BeforeEach
    void aLiveSessionWithTwoPartitions() {
        pair.want("a", 0, 0);
        pair.want("a", 1, 0);
        pair.exchange();
    }

    @Test
    void i1APlanThatIsNotSentLeavesNoTrace() {
        pair.want("a", 0, 1000);
        SessionBelief belief = pair.session.belief();

        FetchPlan dropped = pair.plan();

        assertThat(pair.session.belief()).isEqualTo(belief);
        assertThat(pair.session.outstanding()).isFalse();
        assertThat(pair.plan()).isEqualTo(dropped);
    }

    @Test
    void i1AnUpdateInADroppedPlanIsInTheNextPlan() {
        pair.want("a", 0, 1000);
        pair.plan();
        pair.want("a", 1, 7);

        assertThat(pair.plan().partitions()).containsOnly(entry("a", 0, 1000), entry("a", 1, 7));
    }

    @Test
    void i1AnAdditionInADroppedPlanIsInTheNextPlan() {
        pair.want("b", 0, 5);
        pair.plan();

        assertThat(pair.plan().partitions()).containsOnly(entry("b", 0, 5));
        pair.exchange();
    }

    @Test
    void i1AForgottenPartitionInADroppedPlanIsForgottenInTheNextPlan() {
        pair.unwant("a", 1);
        pair.plan();

        assertThat(pair.plan().forgotten()).containsExactly(pair.key("a", 1));
        pair.exchange();
    }

    @Test
    void i1ASeekInADroppedPlanIsNotLost() {
        pair.want("a", 0, 1000);
        pair.plan();
        pair.want("a", 0, 5000);

        assertThat(pair.plan().partitions()).containsOnly(entry("a", 0, 5000));
    }

    @Test
    void i1SendingAPlanTellsTheBrokerNothingYet() {
        pair.want("a", 0, 1000);
        Map<TopicIdPartition, FetchTarget> told = pair.session.belief().told();

        pair.send();

        assertThat(pair.session.belief().told()).isEqualTo(told);
    }

    @Test
    void i12AnIncrementalPlanListsWhatIsNewOrDiffersAndForgetsWhatIsNotWanted() {
        pair.want("b", 0, 5);
        pair.want("a", 0, 1);
        pair.unwant("a", 1);

        FetchPlan plan = pair.plan();

        assertThat(plan.kind()).isEqualTo(Kind.INCREMENTAL);
        assertThat(plan.partitions()).containsOnly(entry("b", 0, 5), entry("a", 0, 1));
        assertThat(plan.forgotten()).containsExactly(pair.key("a", 1));
    }

    @Test
    void i12EveryFieldOfATargetCounts() {
        for (FetchTarget target : List.of(
                new FetchTarget(1, 3, -1, 1 << 20),
                new FetchTarget(0, 4, -1, 1 << 20),
                new FetchTarget(0, 3, 2, 1 << 20),
                new FetchTarget(0, 3, -1, 1 << 10))) {
            pair.session.want(tp("a", 0), pair.id("a"), target);
            assertThat(pair.plan().partitions()).containsOnly(Map.entry(pair.key("a", 0), target));
        }
    }

    @Test
    void i12AChangeThatWasTakenBackIsNotSaid() {
        pair.want("a", 0, 9);
        pair.want("a", 0, 0);
        pair.unwant("a", 1);
        pair.want("a", 1, 0);
        pair.want("b", 0, 0);
        pair.unwant("b", 0);

        FetchPlan plan = pair.plan();

        assertThat(plan.partitions()).isEmpty();
        assertThat(plan.forgotten()).isEmpty();
    }

    @Test
    void i12WhatChangesWhileARequestIsOutstandingIsSaidInTheNextOne() {
        pair.want("a", 0, 1);
        FetchPlan plan = pair.send();
        pair.want("a", 0, 2);
        pair.unwant("a", 1);
        pair.want("b", 0, 0);
        pair.answer(plan, pair.broker.serve(plan));

        FetchPlan next = pair.plan();

        assertThat(next.partitions()).containsOnly(entry("a", 0, 2), entry("b", 0, 0));
        assertThat(next.forgotten()).containsExactly(pair.key("a", 1));
        pair.exchange();
    }

    @Test
    void i15AFullPlanListsAllThatIsWantedAndForgetsNothing() {
        pair.unwant("a", 1);
        pair.want("b", 0, 5);
        pair.session.failed(pair.send());

        FetchPlan plan = pair.plan();

        assertThat(plan.kind()).isEqualTo(Kind.FULL);
        assertThat(plan.partitions()).containsOnly(entry("a", 0, 0), entry("b", 0, 5));
        assertThat(plan.forgotten()).isEmpty();
    }

    @Test
    void i15AFullPlanOfNothingListsNothing() {
        FetchPlan plan = new SessionAndBroker().plan();

        assertThat(plan.kind()).isEqualTo(Kind.FULL);
        assertThat(plan.partitions()).isEmpty();
    }

    @Test
    void i28AFullPlanListsPartitionsInRotationOrder() {
        for (int partition = 2; partition < 50; partition++) {
            pair.want("a", partition, 0);
        }
        pair.endOffsets.put(tp("a", 0), 10L);
        pair.endOffsets.put(tp("a", 20), 10L);
        pair.exchange();
        pair.want("a", 0, 1);
        pair.session.failed(pair.send());

        List<Integer> order = pair.plan().partitions().keySet().stream()
                .map(TopicIdPartition::partition)
                .toList();

        assertThat(order.subList(0, 19))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        assertThat(order.subList(48, 50)).containsExactly(0, 20);
    }

    @Test
    void i32AnEmptyIncrementalRequestWaitsForData() {
        FetchPlan plan = pair.plan();

        assertThat(plan.partitions()).isEmpty();
        assertThat(plan.immediate()).isFalse();
    }

    @Test
    void i32AFullRequestWaitsForDataWhenThereIsNone() {
        pair.session.failed(pair.send());

        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::immediate)
                .containsExactly(Kind.FULL, false);
    }

    @Test
    void planningTouchesOnlyWhatChanged() {
        WantedPartitions wanted = new WantedPartitions();
        ToldPartitions told = new ToldPartitions();
        for (int partition = 0; partition < 100_000; partition++) {
            pair.want("big", partition, 0);
            wanted.put(tp("big", partition), new WantedPartitions.Wanted(pair.id("big"), at(0)));
            told.tell(pair.key("big", partition), at(0), pair.now);
        }
        pair.exchange();
        wanted.removeTold(told);
        pair.want("big", 77_777, 1);
        pair.unwant("big", 12_345);
        wanted.put(tp("big", 77_777), new WantedPartitions.Wanted(pair.id("big"), at(1)));
        wanted.remove(tp("big", 12_345));

        FetchPlan plan = pair.plan();

        assertThat(plan.partitions()).containsOnly(entry("big", 77_777, 1));
        assertThat(plan.forgotten()).containsExactly(pair.key("big", 12_345));
        assertThat(wanted.changed())
                .as("all that a plan looks at")
                .containsExactly(tp("big", 77_777), tp("big", 12_345));
    }

    private Map.Entry<TopicIdPartition, FetchTarget> entry(String topic, int partition, long offset) {
        return Map.entry(pair.key(topic, partition), at(offset));
    }
}
