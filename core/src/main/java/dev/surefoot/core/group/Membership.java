package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Backoff;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One consumer's membership of its group. What follows from a call leaves as {@link GroupEffect}s. Heartbeats go out
 * from {@link #dispatch} and never wait for the application. Owned by the loop's thread.
 *
 * <p>The application takes part through tokens: a {@code Revoked} or {@code Assigned} notice carries one, and nothing
 * that would follow from it is done before {@link #released} or {@link #taken} brings the same one back. An old token
 * changes nothing.
 */
public interface Membership extends Requester, MemberStanding {
    /** Makes the membership of a consumer. */
    interface Factory {
        /** The shipped ones: that of the protocol which the settings name. */
        Factory BY_PROTOCOL =
                (settings, memberId, coordinator, topics, random, effects) -> switch (settings.protocol()) {
                    case CLASSIC -> new ClassicMembership(settings, coordinator, topics, random, effects);
                    case CONSUMER -> {
                        GroupSettings.Timing timing = settings.timing();
                        Backoff backoff =
                                new Backoff(timing.retryBackoffNanos(), timing.retryBackoffMaxNanos(), random);
                        yield new ConsumerMembership(settings, memberId, coordinator, topics, backoff, effects);
                    }
                };

        /**
         * Makes one.
         *
         * @param memberId unique among all consumers (consumer protocol)
         * @param random the source of all jitter
         * @param effects takes what the membership wants done elsewhere
         */
        Membership create(
                GroupSettings settings,
                Uuid memberId,
                Coordinator coordinator,
                TopicDirectory topics,
                SplittableRandom random,
                Consumer<GroupEffect> effects);
    }

    /** How the application ends a membership. */
    enum Departure {
        /** As the protocol has it: a dynamic member leaves, a static one stays or says that it will return. */
        DEFAULT,
        /** Leaves for good, static or not (KIP-1092). */
        LEAVE,
        /** Leaves the partitions with the member until its session ends. */
        REMAIN;

        /**
         * Whether the coordinator is told at once that the member's partitions are free.
         *
         * @param isStatic whether the member has a {@code group.instance.id}
         */
        boolean frees(boolean isStatic) {
            return switch (this) {
                case DEFAULT -> !isStatic;
                case LEAVE -> true;
                case REMAIN -> false;
            };
        }
    }

    /**
     * The application subscribes to these topics from now on; joins when it is next in poll.
     *
     * @param regex a pattern that the coordinator matches (consumer protocol only), or null
     */
    void subscribe(Set<String> topics, @Nullable String regex, long nowNanos);

    /**
     * The application has dropped what was revoked, has committed, and its listener has returned.
     *
     * @param released what it has dropped: the partitions of the notice that it has taken
     * @param userData what each assignor says in the next JoinGroup, with an entry for each of them, if the notice that
     *     was taken asks for it; otherwise empty
     */
    void released(long token, Set<TopicPartition> released, Map<String, @Nullable ByteBuffer> userData, long nowNanos);

    /** The application has taken its partitions, and its listener has returned. */
    void taken(long token, long nowNanos);

    /** The leader's assignor has assigned everybody's partitions. */
    void assignmentMade(long token, Map<String, MemberAssignment> assignments, long nowNanos);

    /** The leader's assignor has thrown. */
    void assignmentFailed(long token, KafkaException cause, long nowNanos);

    /** The cluster is described anew: leaders look for changes of their topics, and unknown ids may have names now. */
    void clusterChanged(long nowNanos);

    /** Joins anew in the next poll (classic protocol; nothing in the other one). */
    void enforceRebalance(String reason);

    /**
     * Ends the membership: partitions are revoked with a notice; when the application has released them, {@code Left}
     * follows, once for each call, and the leave is sent. Without partitions {@code Left} follows at once.
     */
    void leave(Departure departure, String reason, long nowNanos);

    /**
     * A commit was refused because of who sent it.
     *
     * @param sentWith the identity it was sent with; nothing changes if that is not the present one
     */
    @Override
    void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos);

    /** Who this consumer is in its group; after membership was lost, who it was. */
    @Override
    MemberIdentity identity();

    /** Whether the coordinator counts this consumer as a member, as far as this client knows. */
    @Override
    boolean isMember();

    /** Whether a leave has no answer yet. The end of a consumer waits for it, as it closes the connections. */
    boolean isLeaving();

    /** Whether a rebalance is under way, so that a commit may be refused for that. */
    @Override
    boolean isRebalancing();

    /** The partitions that the application was told to own and has not been told to give up. */
    @Override
    Set<TopicPartition> owned();

    /** The topics whose metadata this member needs; with those of all members if it leads. */
    Set<String> topicsOfInterest();

    /** Topic ids in the assignment whose names are not known. */
    Set<Uuid> unresolvedTopics();
}
