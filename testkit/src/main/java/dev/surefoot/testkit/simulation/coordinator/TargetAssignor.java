package dev.surefoot.testkit.simulation.coordinator;

import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Computes the target assignment of a KIP-848 group on the coordinator's side. The same question has one answer. */
public interface TargetAssignor {

    /** The name by which members ask for it. */
    String name();

    /**
     * What each member is to have.
     *
     * @param members all members by id
     * @param partitionCounts how many partitions each topic has that somebody is subscribed to
     * @param homogeneous whether the coordinator takes all members to subscribe alike; it may be wrong about one that
     *     has just joined and subscribes to nothing yet
     * @return partitions that exist, each given once; a member that is left out gets nothing
     */
    SortedMap<String, SortedSet<GroupPartition>> assign(
            SortedMap<String, Candidate> members, SortedMap<Uuid, Integer> partitionCounts, boolean homogeneous);

    /**
     * A member as an assignor sees it.
     *
     * @param subscribed the topics it is subscribed to that exist
     * @param previous what the target before gave it
     */
    record Candidate(@Nullable String instanceId, SortedSet<Uuid> subscribed, SortedSet<GroupPartition> previous) {}
}
