package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One member's ownership of a partition, from the call of its listener that began it to the one that ends it. */
final class Ownership {
    static final long UNKNOWN = -1;

    final TopicPartition name;
    final long beganNanos;
    final String memberId;
    final int epoch;
    /** The log that is read; another one once the topic was created again. */
    ModelPartition log;
    /** The topic's id in the answer that gave it: the topic may have been created again on the way. */
    Uuid givenTopic;

    private boolean isClaimed;
    /** The offset of the next record, or {@code UNKNOWN} until the first record or a seek shows it. */
    long next = UNKNOWN;
    /** As {@link #next} when the last poll had ended: what may be committed. */
    long consumed = UNKNOWN;
    /** What might have been committed before each seek and before the topic was another; it may still be on its way. */
    final List<Long> consumedBefore = new ArrayList<>(0);
    /** Whether the application has sought, so that positions and commits may go back. */
    boolean isSought;
    /** Whether the application has done something by which fetching it may stop, such as a pause. */
    boolean isHeldUp;
    /** Whether the topic was created again while it was owned. */
    boolean isOfAnotherTopic;
    /** Whether the loop has heard that the membership is over. */
    boolean isForfeited;
    /** Whether it has ended, and the coordinator has been told since. */
    boolean isEndTold;
    /** The committed offsets that the coordinator has named in this ownership, -1 for none. */
    final List<Long> answers = new ArrayList<>(2);
    /** The end of the log when it was first said that nothing is committed. */
    long endAtNoOffset = UNKNOWN;
    /** The offset that was fetched last. */
    long fetched = UNKNOWN;
    /** The offset of the record that was the next one when a poll had ended. */
    long awaited = UNKNOWN;
    /** How long polls had lasted when it first was. */
    long awaitedSinceNanos;
    /** Whether a record that could be read was not given for too long. */
    boolean hasPaused;
    /** The last offset that was stored in this ownership. */
    long stored = UNKNOWN;

    Ownership(TopicPartition name, ModelPartition log, long beganNanos, String memberId, int epoch) {
        this.name = name;
        this.log = log;
        this.givenTopic = log.topicId();
        this.beganNanos = beganNanos;
        this.memberId = memberId;
        this.epoch = epoch;
    }

    /** The application moves the position. */
    void seek(long offset) {
        consumedBefore.add(consumed);
        next = offset;
        consumed = offset;
        isSought = true;
    }

    /** The topic was created again, so that it is read from where the reset policy has it. */
    void turnToNewTopic() {
        consumedBefore.add(consumed);
        next = UNKNOWN;
        isOfAnotherTopic = true;
    }

    @Override
    public String toString() {
        return name + " owned since " + beganNanos / 1_000_000 + " ms by '" + memberId + "' at " + epoch;
    }

    /** The member tells the coordinator what it owns: it first does so by the id that it was given. */
    void claim(Map<Uuid, Set<Integer>> claimed, Function<Uuid, @Nullable String> names) {
        claimed.forEach((topic, partitions) -> {
            if (!isClaimed
                    && partitions.contains(name.partition())
                    && name.topic().equals(names.apply(topic))) {
                isClaimed = true;
                givenTopic = topic;
            }
        });
    }

    /** Whether a claim, by topic id, has this partition; a topic that was created again is claimed by its first id. */
    boolean isIn(Map<Uuid, Set<Integer>> claimed) {
        return claimed.getOrDefault(givenTopic, Set.of()).contains(name.partition());
    }
}
