package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.GroupWorld.COORDINATOR;
import static dev.surefoot.core.engine.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.Commit;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.GroupSettings.Protocol;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberAssignment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Commits that were made before partitions are given up, or before a leave, are not lost for it, on a connection that
 * takes one request per turn; and however many there are, heartbeats go out.
 */
class CommitBarrierTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private static final long TIMEOUT = 20 * SECOND;

    private GroupWorld world = new GroupWorld(Protocol.CONSUMER);
    private Uuid t = Uuid.ZERO_UUID;
    private long commitIds;

    private Group group() {
        return world.engine.group();
    }

    private void joining() {
        t = world.create("t", 2);
        group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        world.answerMetadata();
        world.findCoordinator();
    }

    /** A member of the consumer protocol to which nothing is assigned. */
    private void memberOfNothing() {
        joining();
        world.beat(1, Map.of());
        group().taken(world.notice(GroupNotice.Assigned.class).token(), Set.of(), world.now);
        world.turn();
        world.beat(1, null);
        world.narrow = true;
    }

    /** A member of the consumer protocol that owns both partitions. */
    private void member() {
        joining();
        world.beat(1, Map.of(t, Set.of(0, 1)));
        world.assign(Set.of());
        group().taken(world.notice(GroupNotice.Assigned.class).token(), Set.of(), world.now);
        world.turn();
        world.beat(1, null);
        world.narrow = true;
    }

    /** A member of the classic protocol that owns t-0. */
    private void classicMember() {
        world = new GroupWorld(Protocol.CLASSIC);
        world.create("t", 2);
        group().subscribe(Set.of("t"), null, world.now);
        world.turn();
        world.answerMetadata();
        Map<String, @Nullable ByteBuffer> userData = new HashMap<>();
        userData.put("range", null);
        release(Set.of(), userData);
        world.turn();
        world.findCoordinator();
        world.answer(
                world.onWire(JoinGroupRequest.class),
                new JoinGroupResponse(
                        0, BrokerError.NONE, (short) 0, 1, "consumer", "range", "other", "m", false, Map.of()));
        world.turn();
        world.answer(
                world.onWire(SyncGroupRequest.class),
                new SyncGroupResponse(
                        0, BrokerError.NONE, (short) 0, "range", new MemberAssignment(List.of(T0), null)));
        world.turn();
        group().taken(world.notice(GroupNotice.Assigned.class).token(), Set.of(), world.now);
        world.turn();
        world.narrow = true;
    }

    private long commit(TopicPartition partition) {
        commitIds++;
        group().commits()
                .submit(new Commit(
                        commitIds,
                        Commit.Kind.ASYNC,
                        group().membership().identity(),
                        Map.of(partition, new OffsetAndMetadata(commitIds)),
                        world.now + 60 * SECOND));
        return commitIds;
    }

    /** The coordinator wants t-1 back. */
    private void revoke() {
        world.pass(5 * SECOND);
        world.beat(1, Map.of(t, Set.of(0)));
        assertThat(world.notice(GroupNotice.Revoked.class).partitions()).containsExactly(T1);
    }

    private void release(Set<TopicPartition> partitions, Map<String, @Nullable ByteBuffer> userData) {
        group().released(world.notice(GroupNotice.Revoked.class).token(), partitions, userData, world.now);
    }

    private void leave(long timeoutNanos) {
        group().leave(Departure.DEFAULT, "closed", timeoutNanos, world.now);
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            world.turn();
        }
    }

    private void store(OffsetCommitRequest request) {
        Map<TopicPartition, Stored> stored = new HashMap<>();
        request.offsets().keySet().forEach(partition -> stored.put(partition, new Stored(BrokerError.NONE, (short) 0)));
        world.answer(request, new OffsetCommitResponse(0, stored));
    }

    private void storeAll() {
        world.all(OffsetCommitRequest.class).forEach(this::store);
    }

    private @Nullable KafkaException outcome(long id) {
        List<GroupNotice.CommitSettled> settled =
                settled().stream().filter(outcome -> outcome.commitId() == id).toList();
        assertThat(settled).as("outcomes of commit %d", id).hasSize(1);
        return settled.get(0).failure();
    }

    private List<GroupNotice.CommitSettled> settled() {
        return world.events(EngineEvent.Noticed.class).stream()
                .map(EngineEvent.Noticed::notice)
                .filter(GroupNotice.CommitSettled.class::isInstance)
                .map(GroupNotice.CommitSettled.class::cast)
                .toList();
    }

    private boolean hasLeft() {
        return world.events(EngineEvent.Noticed.class).stream()
                .anyMatch(noticed -> noticed.notice() instanceof GroupNotice.Left);
    }

    private List<Class<?>> toCoordinator() {
        return world.toCoordinator().stream().<Class<?>>map(Request::getClass).toList();
    }

    // Giving partitions up.

    @Test
    void everyCommitOfTheListenerGoesBeforeTheWordThatOthersMayOwnThePartitions() {
        member();
        revoke();
        long first = commit(T1);
        long second = commit(T1);
        release(Set.of(T1), Map.of());
        turns(3);

        assertThat(toCoordinator())
                .containsExactly(
                        OffsetCommitRequest.class, OffsetCommitRequest.class, ConsumerGroupHeartbeatRequest.class);
        assertThat(world.onWire(ConsumerGroupHeartbeatRequest.class).owned()).isEqualTo(Map.of(t, Set.of(0)));
        storeAll();
        assertThat(outcome(first)).isNull();
        assertThat(outcome(second)).isNull();
    }

    @Test
    void aJoinGoesBehindTheCommitsOfTheListener() {
        classicMember();
        group().membership().enforceRebalance("test");
        world.turn();
        commit(T0);
        commit(T0);
        Map<String, @Nullable ByteBuffer> userData = new HashMap<>();
        userData.put("range", null);
        release(Set.of(T0), userData);
        turns(3);
        assertThat(toCoordinator())
                .containsExactly(OffsetCommitRequest.class, OffsetCommitRequest.class, JoinGroupRequest.class);
    }

    @Test
    void commitsAndTheWordWaitTogetherForAConnectionThatIsBeingOpened() {
        member();
        revoke();
        world.connecting(COORDINATOR);
        long id = commit(T1);
        release(Set.of(T1), Map.of());
        turns(2);
        assertThat(settled()).isEmpty();

        world.up(COORDINATOR);
        turns(2);
        assertThat(toCoordinator()).containsExactly(OffsetCommitRequest.class, ConsumerGroupHeartbeatRequest.class);
        storeAll();
        assertThat(outcome(id)).isNull();
    }

    @Test
    void aRebalanceIsNotHeldUpForLongByACommitThatCannotBeSent() {
        member();
        revoke();
        world.connecting(COORDINATOR);
        long id = commit(T1);
        release(Set.of(T1), Map.of());
        world.pass(29 * SECOND);
        assertThat(settled()).isEmpty();
        assertThat(world.engine.nextDeadlineNanos()).isLessThanOrEqualTo(world.now + SECOND);

        world.pass(SECOND);
        assertThat(outcome(id)).isInstanceOf(CommitFailedException.class);
        world.up(COORDINATOR);
        world.turn();
        assertThat(toCoordinator()).containsExactly(ConsumerGroupHeartbeatRequest.class);
    }

    // Leaving.

    @Test
    void theMembershipEndsWhenTheCommitsOfTheListenerAreSettled() {
        member();
        leave(TIMEOUT);
        world.turn();
        long first = commit(T0);
        long second = commit(T1);
        release(Set.of(T0, T1), Map.of());
        turns(3);
        assertThat(toCoordinator()).containsExactly(OffsetCommitRequest.class, OffsetCommitRequest.class);
        assertThat(hasLeft()).isFalse();

        storeAll();
        turns(1);
        assertThat(outcome(first)).isNull();
        assertThat(outcome(second)).isNull();
        assertThat(hasLeft()).isTrue();
        assertThat(world.onWire(ConsumerGroupHeartbeatRequest.class).epoch()).isEqualTo(-1);
    }

    /** It goes over another connection than commits do. */
    @Test
    void aLeaveGroupDoesNotOvertakeCommits() {
        classicMember();
        leave(TIMEOUT);
        world.turn();
        long id = commit(T0);
        release(Set.of(T0), Map.of());
        turns(3);
        assertThat(world.all(LeaveGroupRequest.class)).isEmpty();

        storeAll();
        turns(1);
        assertThat(outcome(id)).isNull();
        assertThat(world.all(LeaveGroupRequest.class)).hasSize(1);
    }

    @Test
    void aMemberThatOwnsNothingLeavesWhenItsCommitsAreSettled() {
        memberOfNothing();
        long id = commit(T0);
        leave(TIMEOUT);
        turns(2);
        assertThat(hasLeft()).isFalse();
        storeAll();
        turns(1);
        assertThat(outcome(id)).isNull();
        assertThat(hasLeft()).isTrue();
    }

    @Test
    void aLeaveWaitsForCommitsNoLongerThanTheApplicationDoes() {
        member();
        leave(4 * SECOND);
        world.turn();
        commit(T0);
        release(Set.of(T0, T1), Map.of());
        turns(2);
        world.pass(3 * SECOND - 1);
        assertThat(hasLeft()).isFalse();
        world.pass(1);
        assertThat(hasLeft()).isTrue();
    }

    @Test
    void commitsAreSentThoughTheApplicationDoesNotWaitForALeave() {
        member();
        leave(0);
        world.turn();
        long id = commit(T0);
        release(Set.of(T0, T1), Map.of());
        turns(2);
        assertThat(toCoordinator()).containsExactly(OffsetCommitRequest.class, ConsumerGroupHeartbeatRequest.class);
        assertThat(hasLeft()).isTrue();
        storeAll();
        assertThat(outcome(id)).isNull();
    }

    @Test
    void aSubscriptionIsNotEndedByTheLeaveBeforeIt() {
        memberOfNothing();
        commit(T0);
        leave(TIMEOUT);
        turns(2);
        group().subscribe(Set.of("t"), null, world.now);
        turns(2);
        assertThat(hasLeft()).as("the commit is not settled").isFalse();
        storeAll();
        turns(3);
        assertThat(hasLeft()).isTrue();
        assertThat(world.all(ConsumerGroupHeartbeatRequest.class))
                .extracting(ConsumerGroupHeartbeatRequest::epoch)
                .containsExactly(-1, 0);
    }

    // Heartbeats.

    /** Each turn one commit is answered and two more are made. */
    @Test
    void heartbeatsGoOutHoweverManyCommitsWait() {
        member();
        for (int turn = 0; turn < 10; turn++) {
            commit(T0);
            commit(T0);
            world.turn();
        }
        world.now += 5 * SECOND;
        for (int turn = 0; turn < 3; turn++) {
            store(world.all(OffsetCommitRequest.class).get(0));
            commit(T0);
            commit(T0);
            world.turn();
        }
        assertThat(world.all(ConsumerGroupHeartbeatRequest.class)).hasSize(1);
    }
}
