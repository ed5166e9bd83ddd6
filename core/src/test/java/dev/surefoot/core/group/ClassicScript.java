package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One member of the classic protocol, whose brokers the test plays, in virtual time. */
final class ClassicScript {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final int SESSION_MS = 45_000;
    static final int HEARTBEAT_MS = 3_000;
    static final int MAX_POLL_MS = 300_000;
    static final Node NODE = new Node(1, "one", 9092);

    final ScriptedOutbox outbox = new ScriptedOutbox();
    final ScriptedBrokers brokers = new ScriptedBrokers();
    final TopicDirectory topics = new TopicDirectory();
    final GroupSettings settings;
    final Coordinator coordinator;
    final ClassicMembership membership;
    final ClassicApplication application;
    long now = SECOND;
    long nextDeadlineNanos = Deadline.NEVER;

    private ClassicScript(GroupSettings settings) {
        this.settings = settings;
        application = new ClassicApplication(settings);
        GroupSettings.Timing timing = settings.timing();
        coordinator = new Coordinator(
                settings.groupId(),
                timing.requestTimeoutNanos(),
                brokers,
                new Backoff(timing.retryBackoffNanos(), timing.retryBackoffMaxNanos(), new SplittableRandom(1)),
                application::apply);
        membership = new ClassicMembership(settings, coordinator, topics, new SplittableRandom(2), application::apply);
        application.membership = membership;
    }

    static ClassicScript eager() {
        return new ClassicScript(settings(null, false, false));
    }

    static ClassicScript cooperative() {
        return new ClassicScript(settings(null, true, false));
    }

    static ClassicScript eagerStatic() {
        return new ClassicScript(settings("static-1", false, false));
    }

    static ClassicScript cooperativeStatic() {
        return new ClassicScript(settings("static-1", true, false));
    }

    static ClassicScript stoppingAtLapse() {
        return new ClassicScript(settings(null, true, true));
    }

    static GroupSettings settings(@Nullable String instanceId, boolean cooperative, boolean stopsAtLapse) {
        return new GroupSettings(
                "group",
                instanceId,
                null,
                GroupSettings.Protocol.CLASSIC,
                new GroupSettings.Timing(SESSION_MS, HEARTBEAT_MS, MAX_POLL_MS, 30 * SECOND, 100 * MILLI, SECOND),
                cooperative ? List.of("cooperative-sticky") : List.of("range", "sticky"),
                cooperative,
                null,
                stopsAtLapse);
    }

    static TopicPartition tp(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    // Time.

    /** One turn of the loop; a second one at the same moment has nothing left to do. */
    void turn() {
        dispatch();
        int sent = outbox.sent.size();
        dispatch();
        assertThat(outbox.sent).as("a second turn at once sends nothing more").hasSize(sent);
        Deadlines deadlines = new Deadlines();
        membership.enterDeadlines(deadlines, now);
        coordinator.enterDeadlines(deadlines, now);
        nextDeadlineNanos = deadlines.earliestNanos();
        assertThat(nextDeadlineNanos)
                .as("the deadline %s is in the future, or the loop spins", deadlines.earliest())
                .isGreaterThan(now);
    }

    private void dispatch() {
        Turn turn = new Turn(now, 0, 0, Long.MAX_VALUE, false, application.lastPollNanos(now));
        membership.dispatch(outbox, turn);
        coordinator.dispatch(outbox, turn);
    }

    /** Lets time go by; the loop has its turns when it asked for them. */
    void pass(long nanos) {
        long end = now + nanos;
        turn();
        while (nextDeadlineNanos <= end) {
            now = nextDeadlineNanos;
            turn();
        }
        now = end;
        turn();
    }

    /** The same, and every heartbeat is answered at once. */
    void passAlive(long nanos) {
        long end = now + nanos;
        turn();
        while (true) {
            while (outbox.isUnderWay(HeartbeatRequest.class)) {
                heartbeatAnswered(BrokerError.NONE);
            }
            if (nextDeadlineNanos > end) {
                break;
            }
            now = nextDeadlineNanos;
            turn();
        }
        now = end;
        turn();
    }

    // The application.

    void subscribe(String... names) {
        membership.subscribe(new TreeSet<>(Arrays.asList(names)), null, now);
        turn();
    }

    /** Enters poll, answers every notice, leaves poll. */
    void poll() {
        application.enterPoll();
        turn();
        while (application.answerNext(now)) {
            turn();
        }
        application.leavePoll(now);
        turn();
    }

    // The brokers.

    void answer(Class<? extends Request<?>> kind, Answer answer) {
        outbox.answer(kind, answer, now);
        turn();
    }

    void fail(Class<? extends Request<?>> kind, RequestFailure failure) {
        outbox.fail(kind, failure, now);
        turn();
    }

    void coordinatorFound() {
        coordinatorFound(NODE);
    }

    void coordinatorFound(Node node) {
        answer(FindCoordinatorRequest.class, new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, node));
    }

    void joinRefused(BrokerError error) {
        joinRefused(error, "");
    }

    void joinRefused(BrokerError error, String memberId) {
        answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(0, error, error.code(), -1, null, null, "", memberId, false, Map.of()));
    }

    JoinGroupResponse joinAnswer(
            int generation, String memberId, String leaderId, Map<String, MemberSubscription> all) {
        return new JoinGroupResponse(
                0,
                BrokerError.NONE,
                (short) 0,
                generation,
                "consumer",
                settings.assignors().get(0),
                leaderId,
                memberId,
                false,
                all);
    }

    /** This member follows another one. */
    void joinedAsFollower(int generation) {
        answer(JoinGroupRequest.class, joinAnswer(generation, memberId(), "leader", Map.of()));
    }

    /** This member leads, of itself and a member that has subscribed to these. */
    void joinedAsLeader(int generation, String... topicsOfOther) {
        Map<String, MemberSubscription> all = new LinkedHashMap<>();
        all.put(memberId(), lastJoin().protocols().get(settings.assignors().get(0)));
        all.put("other", new MemberSubscription(List.of(topicsOfOther), null, List.of(), -1, null, null));
        answer(JoinGroupRequest.class, joinAnswer(generation, memberId(), memberId(), all));
    }

    /** This member leads, of itself and a member that has subscribed to t and claims these. */
    void joinedAsLeaderOf(int generation, TopicPartition... claimedByOther) {
        Map<String, MemberSubscription> all = new LinkedHashMap<>();
        all.put(memberId(), lastJoin().protocols().get(settings.assignors().get(0)));
        all.put("other", new MemberSubscription(List.of("t"), null, List.of(claimedByOther), -1, null, null));
        answer(JoinGroupRequest.class, joinAnswer(generation, memberId(), memberId(), all));
    }

    /** This member has returned, and leads a generation whose plan the coordinator keeps (KIP-814). */
    void returnedAsLeader(int generation, String... topicsOfOther) {
        Map<String, MemberSubscription> all = new LinkedHashMap<>();
        all.put(memberId(), lastJoin().protocols().get(settings.assignors().get(0)));
        all.put("other", new MemberSubscription(List.of(topicsOfOther), null, List.of(), -1, null, null));
        answer(
                JoinGroupRequest.class,
                new JoinGroupResponse(
                        0,
                        BrokerError.NONE,
                        (short) 0,
                        generation,
                        "consumer",
                        settings.assignors().get(0),
                        memberId(),
                        memberId(),
                        true,
                        all));
    }

    void described(boolean stable, TopicPartition... assigned) {
        answer(
                DescribeGroupRequest.class,
                new DescribeGroupResponse(0, BrokerError.NONE, (short) 0, stable, Set.of(assigned)));
    }

    void descriptionRefused(BrokerError error) {
        answer(DescribeGroupRequest.class, new DescribeGroupResponse(0, error, error.code(), false, Set.of()));
    }

    private String memberId() {
        String asked = outbox.underWay(JoinGroupRequest.class).memberId();
        return asked.isEmpty() ? "member-given" : asked;
    }

    void syncRefused(BrokerError error) {
        answer(SyncGroupRequest.class, new SyncGroupResponse(0, error, error.code(), null, null));
    }

    void synced(TopicPartition... partitions) {
        answer(
                SyncGroupRequest.class,
                new SyncGroupResponse(
                        0,
                        BrokerError.NONE,
                        (short) 0,
                        settings.assignors().get(0),
                        new MemberAssignment(List.of(partitions), null)));
    }

    void heartbeatAnswered(BrokerError error) {
        answer(HeartbeatRequest.class, new HeartbeatResponse(0, error, error.code()));
    }

    /** A turn in which a heartbeat goes out. */
    void heartbeatDue() {
        pass(HEARTBEAT_MS * MILLI);
        assertThat(outbox.isUnderWay(HeartbeatRequest.class))
                .as("a heartbeat is under way")
                .isTrue();
    }

    JoinGroupRequest lastJoin() {
        List<JoinGroupRequest> joins = outbox.sent(JoinGroupRequest.class);
        return joins.get(joins.size() - 1);
    }

    /** What the last JoinGroup said to the first assignor. */
    MemberSubscription lastClaim() {
        return lastJoin().protocols().get(settings.assignors().get(0));
    }

    void metadata(Map<String, Integer> partitions) {
        List<TopicMetadata> described = new ArrayList<>();
        partitions.forEach((topic, count) -> {
            List<PartitionMetadata> each = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                each.add(new PartitionMetadata(i, BrokerError.NONE, 1, 0, List.of(1), List.of(1), List.of()));
            }
            described.add(new TopicMetadata(topic, Uuid.ZERO_UUID, BrokerError.NONE, false, each));
        });
        topics.update(new MetadataAnswer(BrokerError.NONE, 0, "cluster", List.of(NODE), described), false);
        membership.clusterChanged(now);
        turn();
    }

    // Shortcuts to a state.

    /** Subscribed to topic t, and in the group as a follower in generation 1 with these partitions. */
    ClassicScript stable(TopicPartition... partitions) {
        joining();
        joinedAsFollower(1);
        synced(partitions);
        poll();
        assertThat(membership.isRebalancing()).isFalse();
        application.callbacks.clear();
        return this;
    }

    /** Subscribed to topic t, and the first JoinGroup with an id is under way. */
    ClassicScript joining() {
        subscribe("t");
        poll();
        coordinatorFound();
        if (settings.instanceId() == null) {
            joinRefused(BrokerError.MEMBER_ID_REQUIRED, "member-1");
        }
        return this;
    }

    /** A heartbeat says that the group rebalances, the application prepares, and JoinGroup is under way. */
    ClassicScript rejoining() {
        heartbeatDue();
        heartbeatAnswered(BrokerError.REBALANCE_IN_PROGRESS);
        poll();
        assertThat(outbox.isUnderWay(JoinGroupRequest.class)).isTrue();
        return this;
    }

    static Set<TopicPartition> set(TopicPartition... partitions) {
        return Set.of(partitions);
    }

    static long nanos(int millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
