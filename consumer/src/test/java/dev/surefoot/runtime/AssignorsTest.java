package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.MemberSubscription;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the leader accepts of an assignor. */
class AssignorsTest {
    private static final TopicPartition THIRD = new TopicPartition("t", 2);

    /** Gives each member what the test says. */
    private record Planned(String name, RebalanceProtocol protocol, Map<String, List<TopicPartition>> plan)
            implements ConsumerPartitionAssignor {
        @Override
        public GroupAssignment assign(Cluster metadata, GroupSubscription subscriptions) {
            Map<String, Assignment> given = new HashMap<>();
            plan.forEach((member, partitions) -> given.put(member, new Assignment(partitions)));
            return new GroupAssignment(given);
        }

        @Override
        public List<RebalanceProtocol> supportedProtocols() {
            return List.of(protocol);
        }
    }

    private static Planned cooperative(Map<String, List<TopicPartition>> plan) {
        return new Planned("own", ConsumerPartitionAssignor.RebalanceProtocol.COOPERATIVE, plan);
    }

    private static MemberSubscription owning(TopicPartition... owned) {
        return new MemberSubscription(List.of("t"), null, List.of(owned), 4, null, null);
    }

    private static void assign(ConsumerPartitionAssignor assignor) {
        new Assignors(List.of(assignor))
                .assign(assignor.name(), Map.of("a", owning(FIRST, SECOND), "b", owning(THIRD)), Cluster.empty());
    }

    /** The one that has it learns of its loss from the plan that gives it to the other. */
    @Test
    void aCooperativeAssignorMovesNoPartitionInOneStep() {
        Planned moving = cooperative(Map.of("a", List.of(FIRST), "b", List.of(SECOND, THIRD)));
        assertThatIllegalStateException()
                .isThrownBy(() -> assign(moving))
                .withMessageContaining("own")
                .withMessageContaining("t-1")
                .withMessageContaining("COOPERATIVE");
    }

    @Test
    void aCooperativeAssignorTakesAPartitionFromAMemberThatIsLeftOut() {
        Planned moving = cooperative(Map.of("b", List.of(FIRST, THIRD)));
        assertThatIllegalStateException().isThrownBy(() -> assign(moving));
    }

    @Test
    void aCooperativeAssignorMayTakePartitionsThatNobodyGets() {
        assign(cooperative(Map.of("a", List.of(FIRST), "b", List.of(THIRD))));
        assign(cooperative(Map.of("a", List.of(FIRST, SECOND), "b", List.of(THIRD, new TopicPartition("t", 3)))));
    }

    @Test
    void anEagerAssignorMayMoveThem() {
        Map<String, List<TopicPartition>> plan = Map.of("a", List.of(FIRST), "b", List.of(SECOND, THIRD));
        assign(new Planned("own", ConsumerPartitionAssignor.RebalanceProtocol.EAGER, plan));
    }

    /** It has its own idea of who owns what: of two that claim a partition, the later generation holds. */
    @Test
    void kafkasOwnAssignorIsTrusted() {
        Map<String, List<TopicPartition>> plan = Map.of("a", List.of(FIRST), "b", List.of(SECOND, THIRD));
        assign(new Planned(
                CooperativeStickyAssignor.COOPERATIVE_STICKY_ASSIGNOR_NAME,
                ConsumerPartitionAssignor.RebalanceProtocol.COOPERATIVE,
                plan));
    }

    /** A request that says this cannot be written. */
    @Test
    void aPlanNamesItsMembersAndTopics() {
        List<Map<String, List<TopicPartition>>> plans = List.of(
                Collections.singletonMap(null, List.of(FIRST)),
                Map.of("a", Arrays.asList(FIRST, null)),
                Map.of("a", List.of(new TopicPartition(null, 0))));
        for (Map<String, List<TopicPartition>> plan : plans) {
            Planned holed = new Planned("own", ConsumerPartitionAssignor.RebalanceProtocol.EAGER, plan);
            assertThatIllegalStateException()
                    .isThrownBy(() -> assign(holed))
                    .withMessageContaining("own")
                    .withMessageContaining("null");
        }
    }

    @Test
    void aPlanThatIsRefusedIsNotSentAndPollThrows() {
        Planned moving = cooperative(Map.of("member", List.of(FIRST, SECOND)));
        try (GroupWorld world = new GroupWorld(moving, GroupOptions.DEFAULT)) {
            world.led = Map.of("member", owning(), "other", owning(FIRST));
            world.member.subscribe(List.of("t"), world.listener);
            Throwable thrown = null;
            for (int polls = 0; polls < 100 && thrown == null; polls++) {
                thrown = catchThrowable(() -> world.poll(100));
            }
            assertThat(thrown).isInstanceOf(KafkaException.class).hasRootCauseInstanceOf(IllegalStateException.class);
            assertThat(world.count(SyncGroupRequest.class)).isZero();
        }
    }
}
