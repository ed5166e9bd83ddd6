package dev.surefoot.testkit.simulation.coordinator;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Who commits what, as far as a group may refuse it.
 *
 * @param memberId empty for a consumer without membership
 * @param instanceId null for a dynamic member
 * @param generationOrEpoch -1 for a consumer without membership
 * @param version of the API that the request was written in
 * @param transactional whether it is a TxnOffsetCommit
 * @param partitions those named in the request that exist
 */
record CommitClaim(
        String memberId,
        @Nullable String instanceId,
        int generationOrEpoch,
        int version,
        boolean transactional,
        Set<TopicPartition> partitions) {

    /** The same claim for these partitions. */
    CommitClaim of(Set<TopicPartition> named) {
        return new CommitClaim(memberId, instanceId, generationOrEpoch, version, transactional, named);
    }
}
