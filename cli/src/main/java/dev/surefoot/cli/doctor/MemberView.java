package dev.surefoot.cli.doctor;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of a group.
 *
 * @param id the member's id
 * @param clientId its {@code client.id}
 * @param host where its connection comes from
 * @param epoch its epoch, in the consumer protocol only
 * @param owned the partitions that it has
 * @param target the partitions that it is to have, in the consumer protocol only
 */
record MemberView(
        String id,
        String clientId,
        String host,
        OptionalInt epoch,
        Set<TopicPartition> owned,
        Optional<Set<TopicPartition>> target) {

    MemberView {
        owned = Set.copyOf(owned);
        target = target.map(Set::copyOf);
    }

    /** Returns the name for people: the client's id, the id of the member, and the host. */
    String name() {
        String where = host.startsWith("/") ? host.substring(1) : host;
        // A member's id often begins with the client's.
        String who = id.startsWith(clientId) ? id : clientId + " (" + id + ")";
        return who + " at " + where;
    }

    /** Returns whether it is to have this partition and does not have it yet. */
    boolean waitsFor(TopicPartition partition) {
        return target.isPresent() && target.get().contains(partition) && !owned.contains(partition);
    }

    /** Returns whether it still has this partition and is to give it up. */
    boolean isToGiveUp(TopicPartition partition) {
        return target.isPresent() && !target.get().contains(partition) && owned.contains(partition);
    }
}
