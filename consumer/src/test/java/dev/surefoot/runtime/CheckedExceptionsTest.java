package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.MemberSubscription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.junit.jupiter.api.Test;

/**
 * Code of the application may throw checked exceptions that its signature does not have: it may be written in Kotlin,
 * Scala or Groovy. Nothing is lost by that, and the membership goes on.
 */
class CheckedExceptionsTest {
    private static final IOException DISK_FULL = new IOException("disk full");

    private static void throwOnce(GroupWorld world) {
        world.listener.atAssigned = () -> {};
        world.listener.atRevoked = () -> {};
        world.listener.atLost = () -> {};
        Sneaky.sneak(DISK_FULL);
    }

    private static void assertThrownOnce(GroupWorld world, String lastCall) {
        List<Throwable> thrown = new ArrayList<>();
        for (int polls = 0; polls < 100 && !world.listener.told.contains(lastCall); polls++) {
            Throwable failure = catchThrowable(() -> world.poll(100));
            if (failure != null) {
                thrown.add(failure);
            }
        }
        Throwable late = catchThrowable(() -> world.poll(100));
        if (late != null) {
            thrown.add(late);
        }
        assertThat(world.listener.told).contains(lastCall);
        assertThat(thrown)
                .singleElement()
                .isInstanceOf(KafkaException.class)
                .satisfies(failure -> assertThat(failure).hasRootCause(DISK_FULL));
    }

    private static void assertReads(GroupWorld world) {
        assertThat(world.read(2, FIRST, SECOND)).hasSize(4);
    }

    @Test
    void aListenerThrowsWhenPartitionsAreAssigned() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.listener.atAssigned = () -> throwOnce(world);
            world.member.subscribe(List.of("t"), world.listener);
            assertThrownOnce(world, "assigned [0, 1]");
            assertReads(world);
            world.member.unsubscribe();
            assertThat(world.listener.told).endsWith("revoked [0, 1]");
        }
    }

    @Test
    void aListenerThrowsWhenPartitionsAreRevokedThatComeBack() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.listener.told.clear();
            world.listener.atRevoked = () -> throwOnce(world);
            world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
            world.turnFor(4000);
            assertThrownOnce(world, "assigned [0, 1]");
            assertReads(world);
        }
    }

    @Test
    void aListenerThrowsWhenPartitionsAreLost() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.listener.told.clear();
            world.listener.atLost = () -> throwOnce(world);
            world.heartbeat = BrokerError.UNKNOWN_MEMBER_ID;
            world.turnFor(4000);
            assertThrownOnce(world, "assigned [0, 1]");
            assertReads(world);
        }
    }

    /** Throws once in each of its methods. */
    private static final class Careless extends RangeAssignor {
        private boolean refusesUserData;
        private boolean refusesPlan;
        private boolean refusesAssignment;

        @Override
        public ByteBuffer subscriptionUserData(Set<String> topics) {
            boolean refuses = refusesUserData;
            refusesUserData = false;
            sneakIf(refuses);
            return super.subscriptionUserData(topics);
        }

        @Override
        public GroupAssignment assign(Cluster metadata, GroupSubscription subscriptions) {
            boolean refuses = refusesPlan;
            refusesPlan = false;
            sneakIf(refuses);
            return super.assign(metadata, subscriptions);
        }

        @Override
        public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
            boolean refuses = refusesAssignment;
            refusesAssignment = false;
            sneakIf(refuses);
        }

        private static void sneakIf(boolean refuses) {
            if (refuses) {
                Sneaky.sneak(DISK_FULL);
            }
        }
    }

    private static void assertJoins(Careless assignor) {
        try (GroupWorld world = new GroupWorld(assignor, GroupOptions.DEFAULT)) {
            MemberSubscription alone = new MemberSubscription(List.of("t"), null, List.of(), -1, null, null);
            world.led = Map.of("member", alone);
            world.member.subscribe(List.of("t"), world.listener);
            assertThrownOnce(world, "assigned [0, 1]");
            assertThat(world.transport.lastSent(SyncGroupRequest.class).assignments())
                    .containsOnlyKeys("member");
            assertReads(world);
        }
    }

    @Test
    void anAssignorThrowsInsteadOfUserData() {
        Careless assignor = new Careless();
        assignor.refusesUserData = true;
        assertJoins(assignor);
    }

    @Test
    void anAssignorThrowsInsteadOfAPlan() {
        Careless assignor = new Careless();
        assignor.refusesPlan = true;
        assertJoins(assignor);
    }

    @Test
    void anAssignorThrowsWhenItHearsOfItsAssignment() {
        Careless assignor = new Careless();
        assignor.refusesAssignment = true;
        assertJoins(assignor);
    }

    /** Both may have kept the failure of the store that they write to. */
    @Test
    void anAssignorAndAListenerThrowTheSameException() {
        Careless assignor = new Careless();
        assignor.refusesAssignment = true;
        try (GroupWorld world = new GroupWorld(assignor, GroupOptions.DEFAULT)) {
            world.listener.atAssigned = () -> throwOnce(world);
            world.member.subscribe(List.of("t"), world.listener);
            assertThrownOnce(world, "assigned [0, 1]");
            assertReads(world);
        }
    }

    @Test
    void aDeserializerThrowsBehindRecordsOfThePoll() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.atValue = value -> {
                if (value[0] == 3) {
                    Sneaky.sneak(DISK_FULL);
                }
            };
            world.bring(5, FIRST);
            List<String> delivered = new ArrayList<>();
            for (int polls = 0; polls < 10 && delivered.isEmpty(); polls++) {
                delivered.addAll(world.poll(100));
            }
            assertThat(delivered).containsExactly("0:0", "0:1", "0:2");
            assertThatExceptionOfType(RecordDeserializationException.class)
                    .isThrownBy(() -> world.poll(100))
                    .withCause(DISK_FULL)
                    .satisfies(thrown -> assertThat(thrown.offset()).isEqualTo(3));
            world.atValue = value -> {};
            assertThat(world.poll(100)).containsExactly("0:3", "0:4");
        }
    }

    @Test
    void aVisitorThrowsBehindRecordsOfThePoll() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            List<Long> seen = new ArrayList<>();
            boolean[] full = {true};
            Visit.Visitor visitor = (partition, record) -> {
                if (full[0] && record.offset() == 3) {
                    Sneaky.sneak(DISK_FULL);
                }
                return seen.add(record.offset());
            };
            world.bring(5, FIRST);
            Throwable thrown = null;
            for (int polls = 0; polls < 10 && thrown == null; polls++) {
                thrown = catchThrowable(() -> world.runtime.polling().visit(Duration.ofMillis(100), visitor));
            }
            assertThat(thrown).isSameAs(DISK_FULL);
            assertThat(catchThrowable(() -> world.runtime.polling().visit(Duration.ofMillis(100), visitor)))
                    .isSameAs(DISK_FULL);
            assertThat(seen).containsExactly(0L, 1L, 2L);
            full[0] = false;
            world.runtime.polling().visit(Duration.ofMillis(100), visitor);
            assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L);
        }
    }

    @Test
    void aCommitCallbackThrows() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            List<String> told = new ArrayList<>();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(Map.of(FIRST, new OffsetAndMetadata(0)));
            world.member.commits().commitAsync(offsets, (committed, failure) -> Sneaky.sneak(DISK_FULL));
            world.member.commits().commitAsync(offsets, (committed, failure) -> told.add("second"));
            world.turn();
            assertThat(catchThrowable(() -> world.poll(100))).isSameAs(DISK_FULL);
            assertReads(world);
            assertThat(told).containsExactly("second");
        }
    }

    @Test
    void thoseThatReceiveTheClustersIdThrowOnTheLoopsThread() {
        List<String> identified = new ArrayList<>();
        List<ClusterResourceListener> listeners = List.of(
                cluster -> Sneaky.sneak(DISK_FULL),
                cluster -> Sneaky.sneak(new NoClassDefFoundError("missing")),
                cluster -> identified.add(cluster.clusterId()));
        new ClusterListeners(listeners).identified("c");
        assertThat(identified).containsExactly("c");
    }
}
