package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A coordinator without faults, of a group with one member: every request is answered in order and at once, and the
 * member gets all partitions of t. Its metadata is answered as well.
 */
final class SoundCoordinator {
    private static final List<TopicPartition> ALL = List.of(new TopicPartition("t", 0), new TopicPartition("t", 1));

    private final TracedMember member;
    private int generation = 100;
    private int ids;
    /** Whether the member has heard from this coordinator what it is to own. */
    private boolean assigned;

    SoundCoordinator(TracedMember member) {
        this.member = member;
        member.plan = Map.of("whoever it is", new MemberAssignment(ALL, null));
    }

    /** Lets time pass, in which the application polls as soon as it is told something, and every three seconds. */
    void serve(long nanos) {
        long endNanos = member.now + nanos;
        for (int steps = 0; member.now < endNanos; steps++) {
            if (steps > 20_000) {
                throw new AssertionError("turns without end");
            }
            settle();
            long nextNanos = Math.min(endNanos, member.now + 3 * TracedMember.SECOND);
            member.now = Math.max(member.now, Math.min(nextNanos, member.dueNanos()));
            member.turn();
        }
        settle();
    }

    /** Answers and polls until neither has anything left to do. */
    private void settle() {
        for (int rounds = 0; rounds < 50; rounds++) {
            int refreshes = member.refreshes;
            member.refreshes = 0;
            if (refreshes > 0) {
                member.describe();
            }
            member.poll();
            List<Request<?>> asked = member.requestsUnderWay();
            asked.forEach(this::answer);
            if (refreshes == 0 && asked.isEmpty() && member.mail.isEmpty()) {
                return;
            }
        }
        throw new AssertionError("requests and answers without end: " + member.trace);
    }

    private void answer(Request<?> request) {
        member.answer(kind(request), answerTo(request));
    }

    @SuppressWarnings("unchecked") // the class of a request is that of its kind
    private static Class<? extends Request<?>> kind(Request<?> request) {
        return (Class<? extends Request<?>>) request.getClass();
    }

    private Answer answerTo(Request<?> request) {
        if (request instanceof FindCoordinatorRequest) {
            return TracedMember.coordinatorFound();
        }
        if (request instanceof JoinGroupRequest join) {
            return joined(join);
        }
        if (request instanceof SyncGroupRequest sync) {
            return new SyncGroupResponse(
                    0, BrokerError.NONE, (short) 0, sync.assignor(), new MemberAssignment(ALL, null));
        }
        if (request instanceof HeartbeatRequest) {
            BrokerError error = assigned ? BrokerError.NONE : BrokerError.REBALANCE_IN_PROGRESS;
            return new HeartbeatResponse(0, error, error.code());
        }
        if (request instanceof DescribeGroupRequest) {
            return new DescribeGroupResponse(0, BrokerError.NONE, (short) 0, assigned, Set.copyOf(ALL));
        }
        if (request instanceof LeaveGroupRequest) {
            return new LeaveGroupResponse(0, BrokerError.NONE, (short) 0);
        }
        return beaten((ConsumerGroupHeartbeatRequest) request);
    }

    private JoinGroupResponse joined(JoinGroupRequest join) {
        String id = join.memberId().isEmpty() ? "sound-" + ++ids : join.memberId();
        if (join.memberId().isEmpty() && join.instanceId() == null) {
            BrokerError error = BrokerError.MEMBER_ID_REQUIRED;
            return new JoinGroupResponse(0, error, error.code(), -1, null, null, "", id, false, Map.of());
        }
        assigned = true;
        var chosen = join.protocols().entrySet().iterator().next();
        return new JoinGroupResponse(
                0,
                BrokerError.NONE,
                (short) 0,
                ++generation,
                "consumer",
                chosen.getKey(),
                id,
                id,
                false,
                Map.of(id, chosen.getValue()));
    }

    private ConsumerGroupHeartbeatResponse beaten(ConsumerGroupHeartbeatRequest beat) {
        int epoch = beat.epoch() == 0 ? ++generation : beat.epoch();
        boolean tells = beat.epoch() >= 0 && (!assigned || beat.rebalanceTimeoutMs() >= 0);
        assigned |= tells;
        Map<Uuid, Set<Integer>> all = new TreeMap<>(Map.of(TracedMember.T, new TreeSet<>(Set.of(0, 1))));
        return new ConsumerGroupHeartbeatResponse(
                0, BrokerError.NONE, (short) 0, null, null, epoch, TracedMember.INTERVAL_MS, tells ? all : null);
    }
}
