package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.MemberIdentity;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the values of a group say of themselves. */
class GroupValuesTest {
    private static final MemberIdentity ME = MemberIdentity.none("g", null);

    /** A parked JoinGroup holds up what is behind it, so only what belongs to the membership goes beside it. */
    @Test
    void whatTheCoordinatorHandlesInOrderGoesOverItsOwnConnection() {
        assertThat(List.of(
                        new JoinGroupRequest(1, "g", "", null, 1, 1, Map.of(), "", 1),
                        new SyncGroupRequest(1, "g", "", null, 1, "", Map.of(), 1),
                        new HeartbeatRequest(1, "g", "", null, 1, 1),
                        new ConsumerGroupHeartbeatRequest(1, "g", "", 0, null, null, 1, null, null, null, null, 1),
                        new OffsetCommitRequest(1, ME, Map.of(), Map.of(), 1),
                        new OffsetFetchRequest(1, ME, Set.of(), Map.of(), Purpose.COORDINATOR, 1)))
                .allSatisfy(request -> assertThat(request.purpose()).isEqualTo(Purpose.COORDINATOR));
        assertThat(List.of(new FindCoordinatorRequest(1, "g", 1), new LeaveGroupRequest(1, "g", "m", "", 1)))
                .allSatisfy(request -> assertThat(request.purpose()).isEqualTo(Purpose.CONTROL));
    }

    @Test
    void eachEventIsTakenByTheMethodOfItsKind() {
        List<String> called = new ArrayList<>();
        GroupEvent.Visitor visitor = (GroupEvent.Visitor) Proxy.newProxyInstance(
                GroupEvent.class.getClassLoader(),
                new Class<?>[] {GroupEvent.Visitor.class},
                (proxy, method, arguments) -> {
                    called.add(method.getName());
                    return null;
                });
        List.of(
                        new GroupEvent.CoordinatorFound(new Node(1, "n", 1)),
                        new GroupEvent.CoordinatorLost(""),
                        new GroupEvent.RebalanceStarted(""),
                        new GroupEvent.RebalanceEnded(1, 1, 1, true),
                        new GroupEvent.HeartbeatSent(),
                        new GroupEvent.RoundFailed(),
                        new GroupEvent.RequestEnded(GroupEvent.Api.JOIN, 1),
                        new GroupEvent.MembershipEnded("", null),
                        new GroupEvent.OffsetUnstable(new TopicPartition("t", 0), 1),
                        new GroupEvent.LeaseLapsed(1),
                        new GroupEvent.OffsetsOutdated(Set.of()))
                .forEach(event -> event.accept(visitor));
        assertThat(called)
                .containsExactly(
                        "coordinatorFound",
                        "coordinatorLost",
                        "rebalanceStarted",
                        "rebalanceEnded",
                        "heartbeatSent",
                        "roundFailed",
                        "requestEnded",
                        "membershipEnded",
                        "offsetUnstable",
                        "leaseLapsed",
                        "offsetsOutdated");
    }
}
