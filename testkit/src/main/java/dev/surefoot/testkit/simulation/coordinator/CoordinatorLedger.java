package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a coordinator has granted and stored, and when; an oracle compares consumers with it. */
public final class CoordinatorLedger {
    /**
     * Partitions that a member was given.
     *
     * @param generationOrEpoch under which they were given
     * @param atMs virtual time at which the coordinator answered
     */
    public record Grant(
            String groupId, String memberId, int generationOrEpoch, Set<TopicPartition> partitions, long atMs) {}

    /** A member that the coordinator no longer counts as one. */
    public record Removal(String groupId, String memberId, long atMs) {}

    /**
     * An offset that was stored.
     *
     * @param memberId empty for a consumer without membership
     * @param producerId that of the transaction it belongs to, or -1
     */
    public record Commit(
            String groupId,
            String memberId,
            @Nullable String instanceId,
            int generationOrEpoch,
            TopicPartition partition,
            StoredOffset stored,
            long producerId) {}

    private final List<Grant> grants = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();
    private final List<Commit> commits = new ArrayList<>();

    void granted(Grant grant) {
        grants.add(grant);
    }

    void removed(Removal removal) {
        removals.add(removal);
    }

    void committed(Commit commit) {
        commits.add(commit);
    }

    /** All grants in order of time. */
    public List<Grant> grants() {
        return List.copyOf(grants);
    }

    /** All removals in order of time. */
    public List<Removal> removals() {
        return List.copyOf(removals);
    }

    /** All commits in order of time, those that a crash of the coordinator has lost again among them. */
    public List<Commit> commits() {
        return List.copyOf(commits);
    }

    /** Drops the entries, once an oracle has read them. */
    public void clear() {
        grants.clear();
        removals.clear();
        commits.clear();
    }
}
