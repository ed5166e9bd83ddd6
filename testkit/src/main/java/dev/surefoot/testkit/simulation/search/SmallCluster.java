package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import dev.surefoot.testkit.simulation.model.ModelTopic;
import dev.surefoot.testkit.simulation.model.PartitionLog;
import dev.surefoot.testkit.simulation.model.SessionCache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * One model broker and one topic of two partitions: two records in the first, one in the second, each in a batch of its
 * own.
 */
final class SmallCluster {
    static final String TOPIC = "t";
    static final int PARTITIONS = 2;

    private static final int BROKER = 1;
    private static final int[] RECORDS = {2, 1};
    private static final int SLOTS = 1_000;
    private static final long SESSION_IDS_SEED = 1;

    private final ModelCluster cluster;
    private final ModelBroker broker;
    /** The logs of each topic id, deleted topics included. */
    private final Map<Uuid, List<PartitionLog>> logs = new HashMap<>();

    private final boolean[] failing = new boolean[PARTITIONS];
    private boolean namesTopicIds = true;
    private boolean hasSlots = true;
    private boolean throttlesNext;

    SmallCluster(int firstEpoch) {
        cluster =
                new ModelCluster(1, SessionCache.Ids.RANDOM, SLOTS, firstEpoch, new SplittableRandom(SESSION_IDS_SEED));
        broker = cluster.broker(BROKER);
        create();
    }

    private void create() {
        ModelTopic topic = cluster.create(TOPIC, PARTITIONS);
        List<PartitionLog> held = new ArrayList<>();
        for (ModelPartition partition : topic.partitions()) {
            for (int i = 0; i < RECORDS[partition.name().partition()]; i++) {
                append(partition);
            }
            held.add(partition.log());
        }
        logs.put(topic.id(), held);
    }

    private void append(ModelPartition partition) {
        partition.log().append(1, PartitionLog.PAYLOAD_BYTES, partition.leaderEpoch(), -1, cluster.nextWriteIds(1));
    }

    /** Writes one more record to each partition. */
    void appendToAll() {
        topic().partitions().forEach(this::append);
    }

    ModelBroker broker() {
        return broker;
    }

    ModelTopic topic() {
        return Objects.requireNonNull(cluster.topic(TOPIC));
    }

    ModelPartition partition(int number) {
        return topic().partitions().get(number);
    }

    /** Returns the log of a partition of the topic that has, or had, this id. */
    PartitionLog log(Uuid topicId, int partition) {
        return Objects.requireNonNull(logs.get(topicId)).get(partition);
    }

    /** Returns the topic's id in metadata. */
    Uuid toldTopicId() {
        return namesTopicIds ? topic().id() : Uuid.ZERO_UUID;
    }

    /** Returns the bytes of one batch; all have the same size. */
    int batchBytes() {
        return partition(0).log().batches().get(0).bytes().limit();
    }

    boolean namesTopicIds() {
        return namesTopicIds;
    }

    void nameTopicIds(boolean names) {
        namesTopicIds = names;
        cluster.idsInMetadata(names);
    }

    boolean hasSlots() {
        return hasSlots;
    }

    void provideSlots(boolean has) {
        hasSlots = has;
        broker.sessions().slots(has ? SLOTS : 0);
    }

    boolean throttlesNext() {
        return throttlesNext;
    }

    void throttleNext(int millis) {
        throttlesNext = true;
        broker.throttleNext(millis);
    }

    /** Notes that a fetch was accepted: settings for the next fetch end. */
    void tookFetch() {
        throttlesNext = false;
    }

    boolean isFailing(int partition) {
        return failing[partition];
    }

    void fail(int partition, boolean fail) {
        failing[partition] = fail;
        partition(partition).fail(fail ? BrokerError.KAFKA_STORAGE_ERROR : BrokerError.NONE);
    }

    void elect(int partition) {
        cluster.electLeader(partition(partition), BROKER);
    }

    void recreate() {
        cluster.delete(TOPIC);
        create();
        for (int i = 0; i < PARTITIONS; i++) {
            fail(i, failing[i]);
        }
    }

    void endSessions() {
        for (BrokerSession session : new ArrayList<>(broker.sessions().all())) {
            broker.sessions().remove(session.id());
        }
    }

    static TopicPartition name(int partition) {
        return new TopicPartition(TOPIC, partition);
    }

    /** Adds the state outside of the broker's sessions to a fingerprint. */
    void describe(Fingerprint print) {
        print.add(topic().id());
        for (int i = 0; i < PARTITIONS; i++) {
            print.add(partition(i).leaderEpoch());
            print.add(failing[i]);
        }
        print.add(namesTopicIds);
        print.add(hasSlots);
        print.add(throttlesNext);
    }
}
