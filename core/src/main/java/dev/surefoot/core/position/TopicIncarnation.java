package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topic that a partition's position belongs to, out of those that had the same name one after the other. A topic
 * that is deleted and created again has a new id. A broker that lags behind may still answer with the old id, so the
 * name may go back to the old topic. {@link Uuid#ZERO_UUID} stands for an unknown id. Owned by the loop's thread.
 */
final class TopicIncarnation {
    /** Once it is known, the first and the confirmed topic are known as well. */
    private Uuid topicId = Uuid.ZERO_UUID;

    private int validatedEpoch = -1;
    /** The topic of this generation's first position. */
    private Uuid firstTopicId = Uuid.ZERO_UUID;
    /** The position at which reading of each earlier topic of this generation stopped. */
    private final Map<Uuid, FetchPosition> stoppedAt = new HashMap<>();
    /** The topic that the consumed position belongs to. Another topic is confirmed when a broker serves it. */
    private Uuid confirmedTopicId = Uuid.ZERO_UUID;
    /**
     * Whether the position is the committed offset of the group, and no broker has served this topic yet. The
     * coordinator stores offsets under names, so it may be that of another topic.
     */
    private boolean committedElsewhere;
    /** The last position that was delivered to the application in this generation. */
    private @Nullable FetchPosition deliveredPosition;
    /** The first position in an unconfirmed topic. It is delivered when the topic is confirmed. */
    private @Nullable FetchPosition heldBackPosition;

    Uuid topicId() {
        return topicId;
    }

    /** Whether both ids are known and metadata has another id than the position's topic. */
    boolean isOtherThan(Uuid idByMetadata) {
        return !topicId.equals(Uuid.ZERO_UUID) && !idByMetadata.equals(Uuid.ZERO_UUID) && !topicId.equals(idByMetadata);
    }

    /** Whether the position was validated under this leader epoch. */
    boolean isValidatedFor(int leaderEpoch) {
        return validatedEpoch == leaderEpoch;
    }

    /** Marks the position as valid in this topic and under this leader epoch. */
    void validate(Uuid id, int leaderEpoch) {
        topicId = id;
        validatedEpoch = leaderEpoch;
        if (firstTopicId.equals(Uuid.ZERO_UUID)) {
            firstTopicId = id;
        }
        if (confirmedTopicId.equals(Uuid.ZERO_UUID)) {
            confirmedTopicId = id;
        }
    }

    /**
     * Moves to another topic, and records the position at which reading of the one before stopped.
     *
     * @param position null if there was none; then a position recorded earlier is removed, as reading has passed it
     */
    void moveTo(Uuid otherTopicId, @Nullable FetchPosition position) {
        if (position == null) {
            stoppedAt.remove(topicId);
        } else {
            stoppedAt.put(topicId, position);
        }
        topicId = otherTopicId;
        validatedEpoch = -1;
        heldBackPosition = null;
    }

    /**
     * The position at which reading of the present topic stopped earlier in this generation; null if the topic is new.
     */
    @Nullable FetchPosition stoppedAt() {
        return stoppedAt.get(topicId);
    }

    /** Records the position at which the application stopped reading a topic, after it has yielded. */
    void stopAt(Uuid idOfPosition, FetchPosition position) {
        stoppedAt.put(known(idOfPosition), position);
    }

    /**
     * Whether metadata has moved to another topic than that of the consumed position, and no broker has served it yet.
     */
    boolean isUnconfirmed() {
        return !confirmedTopicId.equals(topicId) && !topicId.equals(Uuid.ZERO_UUID);
    }

    /** As {@link #validate}, for the offset that the group has committed under the topic's name. */
    void place(Uuid id, int leaderEpoch) {
        validate(id, leaderEpoch);
        committedElsewhere = true;
    }

    /** Whether the position is a committed offset that may belong to another topic of the same name. */
    boolean mayBeCommittedElsewhere() {
        return committedElsewhere;
    }

    /** Confirms the topic after a broker has served it, and clears the position held back. */
    void confirm() {
        committedElsewhere = false;
        confirmedTopicId = topicId;
        heldBackPosition = null;
    }

    @Nullable FetchPosition heldBackPosition() {
        return heldBackPosition;
    }

    /** Keeps a position that is not delivered until the topic is confirmed. */
    void holdBack(FetchPosition position) {
        heldBackPosition = position;
    }

    /** Records a position that was delivered to the application. */
    void deliver(FetchPosition position) {
        deliveredPosition = position;
    }

    /** The position at which reading of this topic began in this generation, or null if the application sought it. */
    @Nullable FetchPosition beginning() {
        return heldBackPosition != null ? heldBackPosition : deliveredPosition;
    }

    /**
     * Whether a consumed position belongs to the present topic, as far as ids are known.
     *
     * @param idOfPosition {@link Uuid#ZERO_UUID} for the topic of the generation's first position
     */
    boolean includes(Uuid idOfPosition) {
        return known(idOfPosition).equals(topicId) || topicId.equals(Uuid.ZERO_UUID);
    }

    private Uuid known(Uuid idOfPosition) {
        return idOfPosition.equals(Uuid.ZERO_UUID) ? firstTopicId : idOfPosition;
    }

    /**
     * Begins anew after a seek, or before another look-up of the committed offset. The first topic is the present one,
     * and earlier ones are dropped.
     */
    void restart() {
        committedElsewhere = false;
        firstTopicId = topicId;
        stoppedAt.clear();
        deliveredPosition = null;
        heldBackPosition = null;
        confirmedTopicId = topicId;
    }
}
