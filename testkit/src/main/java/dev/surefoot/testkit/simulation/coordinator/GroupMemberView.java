package dev.surefoot.testkit.simulation.coordinator;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group at this moment.
 *
 * @param instanceId null for a dynamic member
 * @param generationOrEpoch the generation of the assignment that the member was last given, or its member epoch;
 *     -1 before the first
 * @param held what it may still own: of a classic member the assignment that it was last given, of a member of the
 *     consumer protocol what is assigned and what it has yet to revoke
 */
public record GroupMemberView(
        String memberId, @Nullable String instanceId, int generationOrEpoch, Set<TopicPartition> held) {}
