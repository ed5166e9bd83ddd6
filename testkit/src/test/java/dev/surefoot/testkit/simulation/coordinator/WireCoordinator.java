package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.KafkaClusterBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The coordinator of a real broker, asked over a raw connection. All groups are in one partition. */
final class WireCoordinator implements CoordinatorSide, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<Errors> NOT_READY =
            Set.of(Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR);

    private final KafkaCluster cluster;
    private RawConnection connection;
    private int probes;

    WireCoordinator(ConsumerGroupSettings settings) {
        KafkaClusterBuilder builder =
                KafkaCluster.builder().brokers(1).authorizing().brokerConfig("offsets.topic.num.partitions", "1");
        GroupTwins.config(settings).forEach(builder::brokerConfig);
        cluster = builder.start();
        connect();
    }

    private void connect() {
        connection = new RawConnection(cluster.bootstrapServers());
        Await.until("a coordinator", PATIENCE, () -> {
            var request = new FindCoordinatorRequestData().setCoordinatorKeys(List.of("probe"));
            var found = ask(request, 4, FindCoordinatorResponseData.class);
            return found.coordinators().get(0).errorCode() == 0
                    && !NOT_READY.contains(Errors.forCode(describe("probe").errorCode()));
        });
    }

    private <T> T ask(ApiMessage request, int version, Class<T> type) {
        connection.send(request, version);
        return type.cast(connection.receive());
    }

    @Override
    public ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request, int version) {
        return ask(request, version, ConsumerGroupHeartbeatResponseData.class);
    }

    @Override
    public Errors commit(OffsetCommitRequestData request, int version) {
        OffsetCommitResponseData answer = ask(request, version, OffsetCommitResponseData.class);
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    @Override
    public Errors fetchOffsets(OffsetFetchRequestGroup request) {
        OffsetFetchRequestData all = new OffsetFetchRequestData().setGroups(List.of(request));
        OffsetFetchResponseData answer = ask(all, 9, OffsetFetchResponseData.class);
        return Errors.forCode(answer.groups().get(0).errorCode());
    }

    @Override
    public DescribedGroup describe(String groupId) {
        ConsumerGroupDescribeRequestData request = new ConsumerGroupDescribeRequestData().setGroupIds(List.of(groupId));
        return ask(request, 1, ConsumerGroupDescribeResponseData.class).groups().get(0);
    }

    // Topics.

    @Override
    public Uuid create(String topic, int partitions) {
        cluster.createTopic(topic, partitions, 1, Map.of());
        return get(cluster.admin().describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .topicId();
    }

    @Override
    public void delete(String topic) {
        cluster.deleteTopic(topic);
    }

    @Override
    public void addPartitions(String topic, int total) {
        get(cluster.admin()
                .createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                .all());
    }

    @Override
    public void awaitTopics(TopicCatalog topics) {
        SortedSet<String> names = new TreeSet<>(topics.namesEver());
        names.removeIf(topics::isHidden);
        SortedSet<GroupPartition> expected = new TreeSet<>();
        for (TopicCatalog.Topic topic : topics.topics()) {
            for (int number = 0; names.contains(topic.name()) && number < topic.partitions(); number++) {
                expected.add(new GroupPartition(topic.id(), number));
            }
        }
        Await.until(
                "the coordinator knows " + topics.topics(),
                PATIENCE,
                () -> probe(names).equals(expected));
    }

    /** What the only member of a new group gets that subscribes to these. */
    private SortedSet<GroupPartition> probe(SortedSet<String> names) {
        String member = "probe-" + ++probes;
        ConsumerGroupHeartbeatRequestData join = joining(member, member, new ArrayList<>(names));
        ConsumerGroupHeartbeatResponseData answer = heartbeat(join, 1);
        if (answer.errorCode() != 0) {
            throw new IllegalStateException("a probe was answered with " + HeartbeatText.of(answer));
        }
        return HeartbeatText.partitions(answer.assignment());
    }

    /** Takes away the right of everybody to describe a topic, and returns when the broker heeds it. */
    void deny(String topic) {
        AccessControlEntry everybody =
                new AccessControlEntry("User:*", "*", AclOperation.DESCRIBE, AclPermissionType.DENY);
        ResourcePattern resource = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        get(cluster.admin()
                .createAcls(List.of(new AclBinding(resource, everybody)))
                .all());
        Await.until("the broker heeds that " + topic + " is denied", PATIENCE, () -> {
            String member = "probe-" + ++probes;
            short error = heartbeat(joining(member, member, List.of(topic)), 1).errorCode();
            return error == Errors.TOPIC_AUTHORIZATION_FAILED.code();
        });
    }

    /** Sets the assignment interval of a group that is not there yet, and returns when the coordinator heeds it. */
    void setAssignmentInterval(String groupId, int intervalMs) {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, groupId);
        ConfigEntry interval = new ConfigEntry("consumer.assignment.interval.ms", Integer.toString(intervalMs));
        AlterConfigOp set = new AlterConfigOp(interval, AlterConfigOp.OpType.SET);
        get(cluster.admin().incrementalAlterConfigs(Map.of(group, List.of(set))).all());
        Await.until("the coordinator heeds the interval", PATIENCE, () -> {
            int first =
                    heartbeat(joining(groupId, "probe-a", List.of("any")), 1).memberEpoch();
            int second =
                    heartbeat(joining(groupId, "probe-b", List.of("any")), 1).memberEpoch();
            for (String member : List.of("probe-a", "probe-b")) {
                heartbeat(joining(groupId, member, List.of()).setMemberEpoch(-1), 1);
            }
            get(cluster.admin().deleteConsumerGroups(List.of(groupId)).all());
            return first == second;
        });
    }

    private static ConsumerGroupHeartbeatRequestData joining(String groupId, String memberId, List<String> names) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setRebalanceTimeoutMs(60_000)
                .setTopicPartitions(List.of())
                .setSubscribedTopicNames(names);
    }

    // Time.

    @Override
    public long nextDeadlineMs() {
        return Long.MAX_VALUE;
    }

    @Override
    public void turn(long nowMs) {
        // Its time is real.
    }

    @Override
    public void reload() {
        connection.close();
        cluster.restart(0);
        connect();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the cluster did not do it", e);
        }
    }

    @Override
    public void close() {
        connection.close();
        cluster.close();
    }
}
