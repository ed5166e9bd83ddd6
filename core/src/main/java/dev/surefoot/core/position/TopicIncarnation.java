package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Which of the topics that had the partition's name one after the other a position is of. A topic that is deleted and
 * created again has another id. A broker that lags behind may still tell of the old topic, so the name may stand for it
 * once more. {@link Uuid#ZERO_UUID} means that the id is not known. Owned by the loop's thread.
 */
final class TopicIncarnation {
    /** Once it is known, the first and the confirmed topic are known as well. */
    private Uuid topicId = Uuid.ZERO_UUID;

    private int validatedEpoch = -1;
    /** The topic that the positions of this generation were of at first. */
    private Uuid firstTopicId = Uuid.ZERO_UUID;
    /** For each topic that the name stood for in this generation: where reading of it stopped. */
    private final Map<Uuid, FetchPosition> stoppedAt = new HashMap<>();
    /** The topic that the application's position is in; another one is confirmed when a broker serves it. */
    private Uuid confirmedTopicId = Uuid.ZERO_UUID;
    /** The last position that was delivered to the application in this generation. */
    private @Nullable FetchPosition deliveredPosition;
    /** Where reading of an unconfirmed topic begins; delivered to the application once the topic is confirmed. */
    private @Nullable FetchPosition heldBackPosition;

    Uuid topicId() {
        return topicId;
    }

    /** Whether metadata names another topic by the partition's name than the one that the position is of. */
    boolean isOtherThan(Uuid idByMetadata) {
        return !topicId.equals(Uuid.ZERO_UUID) && !idByMetadata.equals(Uuid.ZERO_UUID) && !topicId.equals(idByMetadata);
    }

    /** Whether the position was found good under this leader epoch, so that another one calls for validation. */
    boolean isValidatedFor(int leaderEpoch) {
        return validatedEpoch == leaderEpoch;
    }

    /** The position is good in this topic and under this leader epoch. */
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
     * The name stands for another topic; notes where reading of the one before stopped. Without a position there is no
     * such place, and one that was noted before is passed.
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
     * Where reading of the present topic stopped when the name came to stand for another one before; null if it is new.
     */
    @Nullable FetchPosition stoppedAt() {
        return stoppedAt.get(topicId);
    }

    /** The application has released what it had of a topic and stands at {@code position} of it. */
    void stopAt(Uuid idOfPosition, FetchPosition position) {
        stoppedAt.put(known(idOfPosition), position);
    }

    /** Whether only metadata has said so far that the topic is another one than the application's position is in. */
    boolean isUnconfirmed() {
        return !confirmedTopicId.equals(topicId) && !topicId.equals(Uuid.ZERO_UUID);
    }

    /** A broker has served the topic, so it exists; nothing is held back any more. */
    void confirm() {
        confirmedTopicId = topicId;
        heldBackPosition = null;
    }

    @Nullable FetchPosition heldBackPosition() {
        return heldBackPosition;
    }

    /** Keeps a position from the application until the topic is confirmed. */
    void holdBack(FetchPosition position) {
        heldBackPosition = position;
    }

    /** The position is on its way to the application. */
    void deliver(FetchPosition position) {
        deliveredPosition = position;
    }

    /** Where reading of this topic began in this generation, or null if the application sought to it. */
    @Nullable FetchPosition beginning() {
        return heldBackPosition != null ? heldBackPosition : deliveredPosition;
    }

    /**
     * Whether a consumed position is in the topic that the name stands for now, as far as ids tell.
     *
     * @param idOfPosition zero for the topic at the beginning of the generation
     */
    boolean includes(Uuid idOfPosition) {
        return known(idOfPosition).equals(topicId) || topicId.equals(Uuid.ZERO_UUID);
    }

    private Uuid known(Uuid idOfPosition) {
        return idOfPosition.equals(Uuid.ZERO_UUID) ? firstTopicId : idOfPosition;
    }

    /** The application seeks: the present topic is the first of the new generation, and earlier ones do not matter. */
    void restart() {
        firstTopicId = topicId;
        stoppedAt.clear();
        deliveredPosition = null;
        heldBackPosition = null;
        confirmedTopicId = topicId;
    }
}
