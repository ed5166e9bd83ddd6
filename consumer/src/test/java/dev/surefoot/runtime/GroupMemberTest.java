package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.GroupWorld.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.Membership;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

/** What the application may do within commit callbacks and listeners. */
class GroupMemberTest {
    private final List<String> told = new ArrayList<>();

    private static void commit(GroupWorld world, OffsetCommitCallback callback) {
        world.member.commits().commitAsync(new HashMap<>(Map.of(FIRST, new OffsetAndMetadata(4))), callback);
    }

    @Test
    void closingCallsEveryCallbackThoughOneThrows() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            commit(world, (offsets, failure) -> {
                throw new IllegalArgumentException("first");
            });
            commit(world, (offsets, failure) -> told.add("second"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> world.member.close(Membership.Departure.DEFAULT, SECONDS.toNanos()))
                    .withMessage("first");
            assertThat(told).containsExactly("second");
        }
    }

    @Test
    void closingWithinACommitCallbackEndsThePoll() {
        GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
        world.joined();
        commit(world, (offsets, failure) -> world.close());
        long beforeMs = world.clock.epochMillis();
        assertThatIllegalStateException()
                .isThrownBy(() -> world.runtime.polling().poll(SECONDS))
                .withMessageContaining("closed by its commit callback");
        assertThat(world.clock.epochMillis() - beforeMs).isLessThan(5000);
    }

    @Test
    void afterAPollWithinACommitCallbackTheApplicationIsStillInPoll() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            commit(world, (offsets, failure) -> {
                told.add("called");
                world.runtime.polling().poll(Duration.ZERO);
            });
            world.runtime.polling().poll(Duration.ofSeconds(310));
            assertThat(told).containsExactly("called");
            assertThat(world.listener.told).containsExactly("assigned [0, 1]");
        }
    }

    @Test
    void partitionsAssignedWithinAListenerThatUnsubscribesAreReadAfterIt() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.listener.atAssigned = () -> {
                world.member.unsubscribe();
                world.member.assign(List.of(FIRST));
            };
            world.joined();
            assertThat(world.listener.told).containsExactly("assigned [0, 1]", "revoked [0, 1]");
            assertThat(world.runtime.assignments().assignment()).containsExactly(FIRST);
        }
    }

    private static void commitInListener(GroupWorld world) {
        GroupCommits commits = world.member.commits();
        world.listener.atRevoked = () -> {
            world.runtime.wakeup();
            commits.commitSync(commits.consumed(), SECONDS);
        };
    }

    /** A program that is to end is woken up, processes what it has, and closes its consumer. */
    @Test
    void aWakeupDoesNotEndACommitOfTheListenerThatClosingCalls() {
        GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
        world.joined();
        world.read(2, FIRST);
        commitInListener(world);
        world.runtime.wakeup();
        world.close();
        assertThat(world.offsets).containsEntry(FIRST, 2L);
    }

    @Test
    void aWakeupEndsACommitOfTheListenerThatUnsubscribingCalls() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.read(2, FIRST);
            commitInListener(world);
            assertThatExceptionOfType(WakeupException.class).isThrownBy(world.member::unsubscribe);
        }
    }

    /** A transaction with the generation before would be refused: the coordinator has begun the next one. */
    @Test
    void aListenerThatGivesUpPartitionsOfThePlanSeesTheGenerationOfThePlan() {
        try (GroupWorld world = GroupWorld.cooperative(GroupOptions.DEFAULT)) {
            List<Integer> seen = new ArrayList<>();
            world.joined();
            world.listener.atRevoked = () -> seen.add(world.member.metadata().generationId());
            world.plan = List.of(FIRST);
            world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
            world.turnFor(4000);
            world.pollUntilTold("revoked [1]");
            assertThat(seen).containsExactly(2);
        }
    }

    /** The coordinator answers nothing on this connection before the JoinGroup. */
    @Test
    void aCommitOfALeaveWhileAJoinIsUnderWayIsRefusedWithoutWaiting() {
        try (GroupWorld world = GroupWorld.cooperative(GroupOptions.DEFAULT)) {
            world.joined();
            world.read(2, FIRST);
            world.silence(JoinGroupRequest.class);
            world.commit = null;
            world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
            world.turnFor(4000);
            world.poll(10);
            GroupCommits commits = world.member.commits();
            world.listener.atLost = () -> commits.commitSync(commits.consumed(), SECONDS);
            long beforeMs = world.clock.epochMillis();
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(world.member::unsubscribe)
                    .withCauseInstanceOf(RebalanceInProgressException.class);
            assertThat(world.clock.epochMillis() - beforeMs).isLessThan(1000);
            assertThat(world.count(OffsetCommitRequest.class)).isZero();
        }
    }

    /** It belongs to no member any more, and nobody else's offset is to be replaced. */
    @Test
    void aCommitOfACallbackThatClosingCallsIsNotStored() {
        GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
        world.joined();
        List<Throwable> thrown = new ArrayList<>();
        commit(
                world,
                (offsets, failure) -> thrown.add(catchThrowable(
                        () -> world.member.commits().commitSync(Map.of(FIRST, new OffsetAndMetadata(9)), SECONDS))));
        world.close();
        assertThat(thrown).singleElement().isInstanceOf(CommitFailedException.class);
        assertThat(world.offsets).containsEntry(FIRST, 4L);
    }

    @Test
    void recordsOfTopicsThatAreNoLongerSubscribedToAreNotReturned() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.bring(4, FIRST);
            world.turn();
            world.member.subscribe(List.of("u"), world.listener);
            assertThat(world.poll(0)).isEmpty();
            assertThat(world.runtime.assignments().paused()).isEmpty();
            world.member.subscribe(List.of("t", "u"), world.listener);
            assertThat(world.poll(0)).containsExactly("0:0", "0:1", "0:2", "0:3");
        }
    }

    @Test
    void aVisitorThatTakesTooLongIsOutOfPoll() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            world.bring(2, FIRST);
            world.listener.told.clear();
            world.runtime.polling().visit(SECONDS, (partition, record) -> {
                world.turnFor(310_000);
                return false;
            });
            assertThat(world.count(LeaveGroupRequest.class)).isEqualTo(1);
            world.pollUntilTold("lost [0, 1]");
        }
    }

    @Test
    void closingWithoutAnyTimeCommitsAllTheSame() {
        GroupWorld world = GroupWorld.eager(new GroupOptions(
                true, Duration.ofHours(1).toNanos(), Duration.ofMinutes(1).toNanos()));
        world.joined();
        world.read(2, FIRST);
        world.runtime.close(Duration.ZERO);
        assertThat(world.offsets).containsEntry(FIRST, 2L);
        assertThat(world.listener.told).endsWith("revoked [0, 1]");
    }
}
