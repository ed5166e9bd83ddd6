package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.handover.FetchPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

/** What the application's side does in a rebalance, and when. */
class RebalancesTest {
    static final GroupOptions AUTO_COMMIT = new GroupOptions(
            true, Duration.ofHours(1).toNanos(), Duration.ofMinutes(1).toNanos());

    /** What the next heartbeat is answered, and what the plan is thereafter. */
    private static void rebalance(GroupWorld world, List<TopicPartition> plan) {
        world.plan = plan;
        world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
        world.listener.told.clear();
    }

    @Test
    void theListenerIsToldWithinPollAndSeesTheAssignment() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            List<Object> seen = new ArrayList<>();
            world.listener.atAssigned =
                    () -> seen.add(world.runtime.assignments().assignment());
            world.listener.atRevoked =
                    () -> seen.add(world.runtime.assignments().assignment());
            world.joined();
            rebalance(world, List.of(FIRST));
            world.turnFor(4000);
            assertThat(world.listener.told).isEmpty();
            world.pollUntilTold("assigned [0]");
            assertThat(world.listener.told).containsExactly("revoked [0, 1]", "assigned [0]");
            assertThat(seen).containsExactly(Set.of(FIRST, SECOND), Set.of(FIRST, SECOND), Set.of(FIRST));
        }
    }

    @Test
    void whatIsKeptIsDeliveredWhileTheCommitOfTheRestIsUnderWay() {
        try (GroupWorld world = GroupWorld.cooperative(AUTO_COMMIT)) {
            world.joined();
            world.read(2, FIRST, SECOND);
            world.bring(2, FIRST, SECOND);
            world.turn();
            world.commit = null;
            rebalance(world, List.of(FIRST));
            List<String> delivered = new ArrayList<>();
            while (world.count(OffsetCommitRequest.class) == 0) {
                delivered.addAll(world.poll(100));
            }
            delivered.addAll(world.poll(100));
            assertThat(world.listener.told).isEmpty();
            assertThat(delivered).contains("0:2", "0:3");
            world.answerCommit(BrokerError.NONE);
            world.pollUntilTold("revoked [1]");
            assertThat(world.offsets.get(SECOND)).isIn(2L, 4L);
        }
    }

    @Test
    void nothingOfWhatIsRevokedIsDeliveredAfterItsCommit() {
        try (GroupWorld world = GroupWorld.eager(AUTO_COMMIT)) {
            world.joined();
            world.read(2, FIRST, SECOND);
            world.bring(2, FIRST, SECOND);
            world.turn();
            world.commit = null;
            rebalance(world, List.of(FIRST));
            world.turnFor(4000);
            assertThat(world.poll(100)).isEmpty();
            assertThat(world.count(OffsetCommitRequest.class)).isEqualTo(1);
            assertThat(world.poll(100)).isEmpty();
            world.answerCommit(BrokerError.NONE);
            world.pollUntilTold("assigned [0]");
            assertThat(world.offsets).containsEntry(FIRST, 2L).containsEntry(SECOND, 2L);
        }
    }

    @Test
    void whatIsKeptIsCommittedBeforeMoreIsAssigned() {
        try (GroupWorld world = GroupWorld.cooperative(AUTO_COMMIT)) {
            world.plan = List.of(FIRST);
            world.joined();
            world.read(2, FIRST);
            rebalance(world, List.of(FIRST, SECOND));
            world.turnFor(4000);
            world.pollUntilTold("assigned [1]");
            world.turn();
            assertThat(world.offsets).containsEntry(FIRST, 2L);
            assertThat(world.listener.told).containsExactly("assigned [1]");
        }
    }

    @Test
    void aCommitThatFailsForGoodHoldsNothingUp() {
        try (GroupWorld world = GroupWorld.eager(AUTO_COMMIT)) {
            world.joined();
            world.read(2, FIRST);
            world.commit = BrokerError.OFFSET_METADATA_TOO_LARGE;
            rebalance(world, List.of(FIRST));
            world.pollUntilTold("assigned [0]");
            assertThat(world.listener.told).containsExactly("revoked [0, 1]", "assigned [0]");
        }
    }

    @Test
    void nothingIsCommittedOfWhatIsLost() {
        try (GroupWorld world = GroupWorld.eager(AUTO_COMMIT)) {
            world.joined();
            world.read(2, FIRST, SECOND);
            rebalance(world, List.of(FIRST));
            world.heartbeat = BrokerError.UNKNOWN_MEMBER_ID;
            world.turnFor(4000);
            long before = world.count(OffsetCommitRequest.class);
            world.pollUntilTold("assigned [0]");
            assertThat(world.listener.told).containsExactly("lost [0, 1]", "assigned [0]");
            assertThat(world.count(OffsetCommitRequest.class)).isEqualTo(before);
        }
    }

    /** The commit of what is revoked may take long; what was to be kept is lost meanwhile. */
    @Test
    void g8NothingIsDeliveredAfterALossThoughARevocationWaitsForItsCommit() {
        try (GroupWorld world = GroupWorld.cooperative(AUTO_COMMIT)) {
            world.joined();
            world.read(2, FIRST, SECOND);
            world.commit = null;
            rebalance(world, List.of(FIRST));
            while (world.count(OffsetCommitRequest.class) == 0) {
                world.poll(100);
            }
            world.bring(2, FIRST);
            world.silence(JoinGroupRequest.class);
            world.heartbeat = BrokerError.UNKNOWN_MEMBER_ID;
            world.turnFor(4000);

            assertThat(world.poll(100)).isEmpty();
            assertThat(world.listener.told).containsExactly("lost [0, 1]");
        }
    }

    /** The notice of the loss takes the place of the revocation, which the application has not taken. */
    @Test
    void whatIsLostBeforeThePollIsNotRevoked() {
        try (GroupWorld world = GroupWorld.cooperative(GroupOptions.DEFAULT)) {
            world.joined();
            rebalance(world, List.of(FIRST));
            world.silence(JoinGroupRequest.class);
            world.turnFor(4000);
            world.heartbeat = BrokerError.UNKNOWN_MEMBER_ID;
            world.turnFor(4000);
            world.poll(100);
            assertThat(world.listener.told).containsExactly("lost [0, 1]");
        }
    }

    @Test
    void thePositionOfARevokedPartitionMayComeWhileTheListenerAsksForIt() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            List<Long> positions = new ArrayList<>();
            world.committed = BrokerError.UNSTABLE_OFFSET_COMMIT;
            world.listener.atRevoked = () -> {
                world.committed = BrokerError.NONE;
                world.offsets.put(FIRST, 7L);
                positions.add(world.runtime.offsets().position(FIRST, GroupWorld.SECONDS));
            };
            world.joined();
            world.member.unsubscribe();
            assertThat(positions).containsExactly(7L);
        }
    }

    @Test
    void aPositionThatDoesNotComeTimesOut() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.committed = BrokerError.UNSTABLE_OFFSET_COMMIT;
            world.listener.atRevoked = () -> world.runtime.offsets().position(FIRST, GroupWorld.SECONDS);
            world.joined();
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(world.member::unsubscribe)
                    .withCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void theFirstExceptionOfAListenerIsThrownAndTheOthersAreWithIt() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            RuntimeException first = new IllegalArgumentException("first");
            RuntimeException second = new IllegalArgumentException("second");
            rebalance(world, List.of(FIRST));
            world.listener.atRevoked = () -> {
                throw first;
            };
            world.listener.atAssigned = () -> {
                throw second;
            };
            List<Throwable> thrown = new ArrayList<>();
            for (int polls = 0; polls < 100 && world.listener.told.size() < 2; polls++) {
                Throwable failure = catchThrowable(() -> world.poll(100));
                if (failure != null) {
                    thrown.add(failure);
                }
            }
            assertThat(thrown)
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(KafkaException.class)
                            .hasMessage("User rebalance callback throws an error"));
            assertThat(thrown).extracting(Throwable::getCause).containsExactly(first, second);
            assertThat(world.runtime.assignments().assignment()).containsExactly(FIRST);
            world.listener.atAssigned = () -> {};
            assertThatCode(() -> world.poll(100)).doesNotThrowAnyException();
            world.listener.atRevoked = () -> {};
        }
    }

    /** It may have to seek, or to make ready for the records. */
    @Test
    void nothingIsDeliveredUntilTheListenerHasReturned() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.bring(2, FIRST, SECOND);
            world.listener.atAssigned = () -> {
                if (world.listener.told.size() < 4) {
                    throw new IllegalStateException("not ready");
                }
                world.runtime.offsets().seek(FIRST, FetchPosition.at(1));
            };
            assertThatExceptionOfType(KafkaException.class).isThrownBy(world::joined);
            for (int polls = 0; polls < 2; polls++) {
                assertThatExceptionOfType(KafkaException.class)
                        .isThrownBy(() -> world.poll(2000))
                        .withRootCauseInstanceOf(IllegalStateException.class);
            }
            List<String> delivered = new ArrayList<>();
            for (int polls = 0; polls < 10 && delivered.size() < 3; polls++) {
                delivered.addAll(world.poll(100));
            }
            assertThat(delivered).containsExactlyInAnyOrder("0:1", "1:0", "1:1");
            assertThat(world.listener.told)
                    .containsExactly("assigned [0, 1]", "assigned [0, 1]", "assigned [0, 1]", "assigned [0, 1]");
        }
    }

    @Test
    void aListenerThatAlwaysThrowsStopsNoRebalance() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.listener.atAssigned = () -> {
                throw new IllegalStateException("never ready");
            };
            assertThatExceptionOfType(KafkaException.class).isThrownBy(world::joined);
            rebalance(world, List.of(FIRST));
            world.turnFor(4000);
            for (int polls = 0; polls < 100 && !world.listener.told.contains("assigned [0]"); polls++) {
                catchThrowable(() -> world.poll(100));
            }
            assertThat(world.listener.told).contains("revoked [0, 1]").endsWith("assigned [0]");
            world.listener.told.clear();
            world.member.unsubscribe();
            assertThat(world.listener.told).containsExactly("revoked [0]");
        }
    }

    @Test
    void wakeupsInterruptsAndErrorsOfAListenerAreThrownAsTheyAre() {
        for (Supplier<Throwable> thrown : List.<Supplier<Throwable>>of(
                WakeupException::new,
                () -> new InterruptException("interrupted", new InterruptedException()),
                StackOverflowError::new)) {
            try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
                List<Throwable> made = new ArrayList<>();
                world.listener.atAssigned = () -> {
                    made.add(thrown.get());
                    Sneaky.sneak(made.get(0));
                };
                Throwable failure = catchThrowable(world::joined);
                assertThat(failure).isSameAs(made.get(0));
                assertThat(Thread.interrupted()).isEqualTo(failure instanceof InterruptException);
            }
        }
    }

    @Test
    void unsubscribingWithinAListenerComesAfterIt() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.listener.atAssigned = () -> {
                world.member.unsubscribe();
                world.listener.told.add("returned");
            };
            world.joined();
            assertThat(world.listener.told).containsExactly("assigned [0, 1]", "returned", "revoked [0, 1]");
            assertThat(world.runtime.assignments().assignment()).isEmpty();
            assertThatIllegalStateException().isThrownBy(() -> world.poll(0));
            world.turnFor(100);
            assertThat(world.count(LeaveGroupRequest.class)).isEqualTo(1);
        }
    }

    /** The loop waits for an answer: without one the member would never join again. */
    @Test
    void anAssignorThatThrowsIsAskedAgainByTheNextPoll() {
        boolean[] throwing = new boolean[1];
        RangeAssignor assignor = new RangeAssignor() {
            @Override
            public ByteBuffer subscriptionUserData(Set<String> topics) {
                if (throwing[0]) {
                    throw new IllegalStateException("no user data");
                }
                return super.subscriptionUserData(topics);
            }
        };
        try (GroupWorld world = new GroupWorld(assignor, GroupOptions.DEFAULT)) {
            world.joined();
            rebalance(world, List.of(FIRST));
            throwing[0] = true;
            world.turnFor(4000);
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(() -> world.poll(2000))
                    .withRootCauseInstanceOf(IllegalStateException.class);
            assertThat(world.runtime.assignments().assignment()).isEmpty();
            throwing[0] = false;
            world.pollUntilTold("assigned [0]");
            assertThat(world.listener.told).containsExactly("revoked [0, 1]", "assigned [0]");
        }
    }

    @Test
    void aSubscriptionWithinTheListenerOfAnUnsubscriptionComesAfterIt() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.listener.atRevoked = () -> {
                world.listener.atRevoked = () -> {};
                world.member.subscribe(List.of("t"), world.listener);
            };
            world.listener.told.clear();
            world.member.unsubscribe();
            assertThat(world.listener.told).containsExactly("revoked [0, 1]");
            assertThat(world.runtime.subscriptions().topics()).containsExactly("t");
            world.pollUntilTold("assigned [0, 1]");
        }
    }

    @Test
    void theLastSubscriptionWithinAListenerHolds() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.listener.atAssigned = () -> {
                world.listener.atAssigned = () -> {};
                world.member.unsubscribe();
                world.member.subscribe(List.of("t"), world.listener);
            };
            world.joined();
            assertThat(world.runtime.subscriptions().topics()).containsExactly("t");
            for (int polls = 0; polls < 100 && world.listener.told.size() < 3; polls++) {
                world.poll(100);
            }
            assertThat(world.listener.told).containsExactly("assigned [0, 1]", "revoked [0, 1]", "assigned [0, 1]");
        }
    }

    @Test
    void closingCallsTheListenerThoughItsCommitIsNotAnswered() {
        GroupWorld world = GroupWorld.eager(AUTO_COMMIT);
        world.joined();
        world.read(2, FIRST);
        world.commit = null;
        world.runtime.close(Duration.ofSeconds(20));
        assertThat(world.listener.told).containsExactly("assigned [0, 1]", "revoked [0, 1]");
    }

    /** The loop has its answer to the revocation: the member can join again. */
    @Test
    void unsubscribingWaitsForNoCommit() {
        try (GroupWorld world = GroupWorld.eager(AUTO_COMMIT)) {
            world.joined();
            world.read(2, FIRST);
            world.commit = null;
            rebalance(world, List.of(FIRST));
            while (world.count(OffsetCommitRequest.class) == 0) {
                world.poll(100);
            }
            long beforeMs = world.clock.epochMillis();
            world.member.unsubscribe();
            assertThat(world.clock.epochMillis() - beforeMs).isLessThan(3000);
            assertThat(world.listener.told).containsExactly("revoked [0, 1]");
            world.commit = BrokerError.NONE;
            world.joined();
        }
    }

    @Test
    void closingWithinAListenerComesAfterItAndEndsThePoll() {
        GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
        world.listener.atAssigned = () -> {
            world.close();
            world.listener.told.add("returned");
        };
        assertThatIllegalStateException().isThrownBy(world::joined).withMessageContaining("closed by its rebalance");
        assertThat(world.listener.told).containsExactly("assigned [0, 1]", "returned", "revoked [0, 1]");
        assertThat(world.count(LeaveGroupRequest.class)).isEqualTo(1);
        assertThat(world.transport.closed).isTrue();
    }

    @Test
    void aPollWithinAListenerIsRefused() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            List<Throwable> refused = new ArrayList<>();
            world.listener.atAssigned = () -> refused.add(catchThrowable(() -> world.poll(0)));
            world.joined();
            assertThat(refused).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }
}
