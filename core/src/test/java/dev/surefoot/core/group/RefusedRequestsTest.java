package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.TracedMember.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.position.AssignmentStart;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** A request that the transport does not take, though its connection seemed ready, is made again in the next turn. */
class RefusedRequestsTest {
    private static final GroupSettings CLASSIC = ClassicTableStates.settings(null, false, false);
    private static final GroupSettings CONSUMER = ConsumerTableStates.settings(null, false);

    private static void isMadeAgain(TracedMember member, Class<? extends Request<?>> kind) {
        member.turn();
        assertThat(member.isUnderWay(kind)).as("refused").isFalse();
        member.refusesRequests = false;
        member.turn();
        assertThat(member.isUnderWay(kind)).as("made again").isTrue();
    }

    @Test
    void aLookUpOfTheCoordinator() {
        TracedMember member = new TracedMember(CLASSIC);
        member.refusesRequests = true;
        member.membership.subscribe(Set.of("t"), null, member.now);
        member.poll();
        isMadeAgain(member, FindCoordinatorRequest.class);
    }

    @Test
    void aJoin() {
        TracedMember member = new TracedMember(CLASSIC);
        member.membership.subscribe(Set.of("t"), null, member.now);
        member.poll();
        member.refusesRequests = true;
        member.findCoordinator();
        isMadeAgain(member, JoinGroupRequest.class);
    }

    @Test
    void aSync() {
        TracedMember member = ClassicTableStates.joining(CLASSIC);
        member.refusesRequests = true;
        ClassicTableStates.join(member, "other", "range", false);
        isMadeAgain(member, SyncGroupRequest.class);
    }

    @Test
    void aHeartbeat() {
        TracedMember member = ClassicTableStates.stable(CLASSIC);
        member.refusesRequests = true;
        member.pass(3 * SECOND);
        isMadeAgain(member, HeartbeatRequest.class);
    }

    @Test
    void aLeave() {
        TracedMember member = ClassicTableStates.stable(CLASSIC);
        member.refusesRequests = true;
        member.membership.leave(Membership.Departure.DEFAULT, "bye", member.now);
        member.poll();
        assertThat(member.membership.isLeaving()).isTrue();
        isMadeAgain(member, LeaveGroupRequest.class);
    }

    @Test
    void aJoinOfTheConsumerProtocol() {
        TracedMember member = new TracedMember(CONSUMER);
        member.membership.subscribe(Set.of("t"), null, member.now);
        member.poll();
        member.refusesRequests = true;
        member.findCoordinator();
        isMadeAgain(member, ConsumerGroupHeartbeatRequest.class);
    }

    @Test
    void aLeaveOfTheConsumerProtocol() {
        TracedMember member = ConsumerTableStates.stable(CONSUMER);
        member.refusesRequests = true;
        member.membership.leave(Membership.Departure.DEFAULT, "bye", member.now);
        member.poll();
        assertThat(member.membership.isLeaving()).isTrue();
        isMadeAgain(member, ConsumerGroupHeartbeatRequest.class);
        assertThat(member.underWay(ConsumerGroupHeartbeatRequest.class).epoch()).isEqualTo(-1);
    }

    private static CommitWorld withCoordinator() {
        CommitWorld world = new CommitWorld(GroupSettings.Protocol.CONSUMER);
        world.coordinator.need();
        world.turn();
        world.refuses = true;
        return world;
    }

    private static void isMadeAgain(CommitWorld world, Class<? extends Request<?>> kind) {
        world.turn();
        assertThat(world.wire).isEmpty();
        world.refuses = false;
        world.turn();
        world.turn();
        assertThat(world.wire)
                .singleElement()
                .satisfies(sent -> assertThat(sent.request()).isInstanceOf(kind));
    }

    @Test
    void aCommit() {
        CommitWorld world = withCoordinator();
        world.commits.submit(new Commit(
                1,
                Commit.Kind.SYNC,
                world.standing.identity,
                Map.of(A0, new OffsetAndMetadata(5)),
                world.now + 60 * SECOND));
        isMadeAgain(world, OffsetCommitRequest.class);
    }

    @Test
    void aQuestionAboutCommittedOffsets() {
        CommitWorld world = withCoordinator();
        world.committed.ask(1, Set.of(A0));
        isMadeAgain(world, OffsetFetchRequest.class);
    }

    @Test
    void aLookUpOfAStart() {
        CommitWorld world = withCoordinator();
        world.positions.assign(Map.of(A0, 1L), AssignmentStart.inGroup());
        isMadeAgain(world, OffsetFetchRequest.class);
    }

    @Test
    void aJoinAfterABackOff() {
        TracedMember member = ClassicTableStates.joining(CLASSIC);
        ClassicTableStates.join(member, BrokerError.COORDINATOR_LOAD_IN_PROGRESS, "");
        member.refusesRequests = true;
        member.pass(SECOND);
        isMadeAgain(member, JoinGroupRequest.class);
    }

    @Test
    void noCommitOvertakesOneThatTheTransportRefused() {
        CommitWorld world = new CommitWorld(GroupSettings.Protocol.CONSUMER);
        world.coordinator.need();
        world.turn();
        world.commits.submit(commit(world, 1));
        world.commits.submit(commit(world, 2));
        world.refusesNext = true;
        world.turn();
        world.turn();

        assertThat(world.wire)
                .extracting(sent -> ((OffsetCommitRequest) sent.request())
                        .offsets()
                        .get(CommitWorld.A0)
                        .offset())
                .containsExactly(1L, 2L);
    }

    private static Commit commit(CommitWorld world, long offset) {
        return new Commit(
                offset,
                Commit.Kind.ASYNC,
                world.standing.identity,
                Map.of(CommitWorld.A0, new OffsetAndMetadata(offset)),
                world.now + 60 * CommitWorld.SECOND);
    }
}
