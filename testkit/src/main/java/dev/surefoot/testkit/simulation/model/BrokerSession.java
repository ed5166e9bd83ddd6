package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/** A fetch session at its broker (KIP-227). */
public final class BrokerSession {
    private final int id;
    private final boolean byTopicId;
    private final long createdNanos;
    private final LinkedHashMap<TopicIdPartition, CachedPartition> partitions = new LinkedHashMap<>();
    private int epoch;
    private long lastUsedNanos;
    /** Its age and its number of partitions when it was last used; eviction chooses by them. */
    private long ageWhenUsed;

    private int sizeWhenUsed;

    BrokerSession(int id, boolean byTopicId, int firstEpoch, long nowNanos) {
        this.id = id;
        this.byTopicId = byTopicId;
        this.epoch = firstEpoch;
        this.createdNanos = nowNanos;
        this.lastUsedNanos = nowNanos;
    }

    /** The session's id, above 0. */
    public int id() {
        return id;
    }

    /** Returns whether the session names topics by id. */
    public boolean byTopicId() {
        return byTopicId;
    }

    /** Returns the epoch that the next request must carry. */
    public int epoch() {
        return epoch;
    }

    /** Returns the partitions that the broker holds, in the order in which it serves them. */
    public Map<TopicIdPartition, FetchTarget> held() {
        Map<TopicIdPartition, FetchTarget> held = new LinkedHashMap<>();
        partitions.forEach((key, cached) -> held.put(key, cached.target()));
        return held;
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    int size() {
        return partitions.size();
    }

    @Nullable CachedPartition get(TopicIdPartition key) {
        return partitions.get(key);
    }

    void add(TopicIdPartition key, CachedPartition cached) {
        partitions.put(key, cached);
    }

    /** Applies an accepted request: additions and updates first, removals last. */
    void apply(FetchPlan plan, ModelCluster cluster) {
        plan.partitions().forEach((key, target) -> {
            CachedPartition cached = partitions.get(key);
            if (cached == null) {
                partitions.put(key, new CachedPartition(target, cluster.nameOf(key)));
            } else {
                cached.update(target);
            }
        });
        plan.forgotten().forEach(partitions::remove);
    }

    /** The partitions to read for a request, in the order in which they are served. */
    List<WantedPartition> wanted(ModelCluster cluster) {
        List<WantedPartition> wanted = new ArrayList<>();
        partitions.forEach((key, cached) -> {
            cached.resolve(cluster.nameOf(key));
            wanted.add(new WantedPartition(key, cached.topic(), cached.target()));
        });
        return wanted;
    }

    /** Advances to the epoch that the next request must carry. */
    void advance() {
        epoch = successor(epoch);
    }

    /** The epoch after this one. After the largest comes 1, as 0 and -1 have meanings of their own. */
    static int successor(int epoch) {
        return epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    /** Moves a partition that was served to the end of the order, so that the others are served next. */
    void rotate(TopicIdPartition key) {
        CachedPartition cached = partitions.remove(key);
        if (cached != null) {
            partitions.put(key, cached);
        }
    }

    /** A fault: removes the partition from the session without informing the client. */
    void lose(TopicIdPartition key) {
        partitions.remove(key);
    }

    void used(long nowNanos) {
        lastUsedNanos = nowNanos;
        ageWhenUsed = nowNanos - createdNanos;
        sizeWhenUsed = size();
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }

    long ageWhenUsed() {
        return ageWhenUsed;
    }

    int sizeWhenUsed() {
        return sizeWhenUsed;
    }
}
