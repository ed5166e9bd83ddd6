package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A broker that coordinates groups, whose requests can be told to have been taken in. */
final class RealCoordinator implements AutoCloseable {
    private static final int OFFSETS_PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaCluster cluster;
    private final GroupSettings settings;
    private final TopicCatalog topics = new TopicCatalog(new SplittableRandom(1));
    private final RawConnection control;

    RealCoordinator(GroupSettings settings) {
        this.settings = settings;
        cluster = KafkaCluster.builder()
                .brokers(1)
                // So that requests are taken in in the order in which they were sent; see RawConnection.
                .brokerConfig("num.network.threads", "1")
                .brokerConfig("num.io.threads", "1")
                // Transactions are begun by writing in them, without a coordinator.
                .brokerConfig("transaction.partition.verification.enable", "false")
                .brokerConfig("group.initial.rebalance.delay.ms", Integer.toString(settings.initialRebalanceDelayMs()))
                .brokerConfig("group.min.session.timeout.ms", Integer.toString(settings.minSessionTimeoutMs()))
                .brokerConfig("group.max.session.timeout.ms", Integer.toString(settings.maxSessionTimeoutMs()))
                .brokerConfig("group.max.size", Integer.toString(settings.maxSize()))
                .brokerConfig("offset.metadata.max.bytes", Integer.toString(settings.maxMetadataChars()))
                .start();
        control = connect();
        awaitAllPartitionsServed();
    }

    /** The topic of offsets is created when it is first asked for, and loaded then, each partition for itself. */
    private void awaitAllPartitionsServed() {
        Set<Integer> served = new HashSet<>();
        for (int i = 0; served.size() < OFFSETS_PARTITIONS; i++) {
            String groupId = "warm-up-" + i;
            if (served.add(Math.abs(groupId.hashCode() % OFFSETS_PARTITIONS))) {
                Await.until("the coordinator of " + groupId, PATIENCE, () -> isServed(groupId));
            }
        }
    }

    private boolean isServed(String groupId) {
        control.send(new FindCoordinatorRequestData().setCoordinatorKeys(List.of(groupId)), 4);
        FindCoordinatorResponseData found = (FindCoordinatorResponseData) control.receive();
        control.send(new HeartbeatRequestData().setGroupId(groupId).setMemberId("nobody"), 4);
        HeartbeatResponseData heartbeat = (HeartbeatResponseData) control.receive();
        return found.coordinators().get(0).errorCode() == Errors.NONE.code()
                && heartbeat.errorCode() == Errors.UNKNOWN_MEMBER_ID.code();
    }

    GroupSettings settings() {
        return settings;
    }

    TopicCatalog topics() {
        return topics;
    }

    KafkaCluster cluster() {
        return cluster;
    }

    /** Opens a connection that the broker has begun to read from: it may accept one late. */
    RawConnection connect() {
        RawConnection connection = new RawConnection(cluster.bootstrapServers());
        connection.awaitAllTakenIn();
        return connection;
    }

    /** Waits until everything that was sent before has reached the coordinator. */
    void awaitAllTakenIn() {
        control.awaitAllTakenIn();
    }

    void awaitEmpty(String groupId) {
        DescribeGroupsRequestData request = new DescribeGroupsRequestData().setGroups(List.of(groupId));
        Await.until(groupId + " to be empty", PATIENCE, () -> {
            control.send(request, 5);
            DescribeGroupsResponseData answer = (DescribeGroupsResponseData) control.receive();
            return answer.groups().get(0).groupState().equals("Empty");
        });
    }

    void create(String topic, int partitions) {
        cluster.createTopic(topic, partitions, 1, Map.of());
        topics.create(topic, idOf(topic), partitions);
    }

    void delete(String topic) {
        cluster.deleteTopic(topic);
        topics.delete(topic);
    }

    private Uuid idOf(String topic) {
        try {
            return cluster.admin()
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("cannot describe " + topic, e);
        }
    }

    @Override
    public void close() {
        control.close();
        cluster.close();
    }
}
