package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What commits and look-ups of committed offsets need of a membership. Owned by the loop's thread. */
public interface MemberStanding {
    /** Who this consumer is in its group; after membership was lost, who it was. */
    MemberIdentity identity();

    /** Whether the coordinator counts this consumer as a member, as far as this client knows. */
    boolean isMember();

    /** Whether a rebalance is under way, so that a commit may be refused for that. */
    boolean isRebalancing();

    /**
     * Whether the coordinator may hold back a request that is under way: what is sent over the same connection is not
     * read before that one is answered.
     */
    boolean isHeldBack();

    /** The partitions that the application was told to own and has not been told to give up. */
    Set<TopicPartition> owned();

    /**
     * A commit was refused because of who sent it.
     *
     * @param sentWith the identity it was sent with; nothing changes if that is not the present one
     */
    void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos);
}
