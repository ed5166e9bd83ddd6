package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.error.BrokerError;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * One partition: its log, its leader and its replicas. A follower shows the leader's log, perhaps with fewer records.
 */
public final class ModelPartition {
    /** No broker. */
    public static final int NOBODY = -1;

    private final Uuid topicId;
    private final TopicPartition name;
    private final PartitionLog log = new PartitionLog();
    private List<Integer> replicas;
    private int leader;
    private int leaderEpoch;
    private int preferredReplica = NOBODY;
    private long followersLag;
    private BrokerError failure = BrokerError.NONE;

    ModelPartition(Uuid topicId, TopicPartition name, int leader, List<Integer> replicas) {
        this.topicId = topicId;
        this.name = name;
        this.leader = leader;
        this.replicas = replicas;
        log.beginEpoch(leaderEpoch);
    }

    /** Returns the id of the partition's topic. */
    public Uuid topicId() {
        return topicId;
    }

    /** Returns the partition's name. */
    public TopicPartition name() {
        return name;
    }

    /** Returns the partition's log. */
    public PartitionLog log() {
        return log;
    }

    /** Returns the broker that leads, or {@link #NOBODY}. */
    public int leader() {
        return leader;
    }

    /** Returns the current leader epoch, 0 or more. */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** Returns the ids of the brokers that have a replica, the leader's included. */
    public List<Integer> replicas() {
        return replicas;
    }

    /** Returns the replica to which the leader sends consumers, or {@link #NOBODY}. */
    public int preferredReplica() {
        return preferredReplica;
    }

    /** Sets the replica to which the leader sends consumers (KIP-392), or {@link #NOBODY} for none. */
    public void preferReplica(int broker) {
        preferredReplica = broker;
    }

    /** Sets by how many offsets followers lag behind the leader. */
    public void followersLag(long offsets) {
        followersLag = offsets;
    }

    /** Makes every request about this partition fail with an error; NONE ends that. */
    public void fail(BrokerError error) {
        failure = error;
    }

    /** Sets a leader, or none, under a new epoch. */
    void elect(int newLeader) {
        leader = newLeader;
        leaderEpoch++;
        if (newLeader != NOBODY) {
            log.beginEpoch(leaderEpoch);
        }
    }

    /** Sets the replicas, the leader among them. */
    void reassign(List<Integer> brokers) {
        replicas = brokers;
    }

    /** Returns the error with which this broker refuses the partition, or NONE. */
    BrokerError refusal(int broker, int epochOfClient, boolean followerMayAnswer) {
        if (failure != BrokerError.NONE) {
            return failure;
        }
        if (!replicas.contains(broker)) {
            return BrokerError.NOT_LEADER_OR_FOLLOWER;
        }
        if (epochOfClient >= 0 && epochOfClient != leaderEpoch) {
            return epochOfClient < leaderEpoch ? BrokerError.FENCED_LEADER_EPOCH : BrokerError.UNKNOWN_LEADER_EPOCH;
        }
        return broker == leader || followerMayAnswer ? BrokerError.NONE : BrokerError.NOT_LEADER_OR_FOLLOWER;
    }

    /** Returns the high watermark as this broker knows it. */
    public long visibleAt(int broker) {
        return broker == leader ? log.highWatermark() : Math.max(log.startOffset(), log.highWatermark() - followersLag);
    }

    /** Returns the end of the log at this broker. */
    long endAt(int broker) {
        return broker == leader || followersLag == 0 ? log.endOffset() : visibleAt(broker);
    }
}
