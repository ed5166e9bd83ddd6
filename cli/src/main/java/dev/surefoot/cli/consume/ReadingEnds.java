package dev.surefoot.cli.consume;

import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets at which reading ends in each partition: its end at the start, the first record of a time or later,
 * whichever comes first, or none.
 *
 * <p>A time in the past is an offset: that of the first record of that time or later, or the end. Until the time has
 * passed, a record of that time or later ends its partition when it is read. The other partitions get their offsets
 * when the clock reaches the time.
 */
final class ReadingEnds {

    private final OptionalLong untilMs;
    private final Clock clock;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private boolean waitsForTime;

    /**
     * @param untilMs the time before which reading ends, if there is one
     * @param clock shows whether it has passed
     */
    ReadingEnds(OptionalLong untilMs, Clock clock) {
        this.untilMs = untilMs;
        this.clock = clock;
        this.waitsForTime = untilMs.isPresent();
    }

    /** Returns whether reading ends anywhere. */
    boolean areSought() {
        return untilMs.isPresent() || !ends.isEmpty();
    }

    /** Limits reading to these offsets. */
    void atMost(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> ends.merge(partition, offset, Math::min));
    }

    /** Looks up the offsets of the time in partitions that are read as well from now on, if it has passed. */
    void lookUpAdded(Consumer<?, ?> consumer, Collection<TopicPartition> added, ReadingOptions options) {
        if (untilMs.isPresent() && !waitsForTime) {
            atMost(new LogBounds(consumer, added, options.timeout()).at(untilMs.orElseThrow()));
        }
    }

    /** Looks up the offsets of the time, once it has passed. */
    void lookUpIfPassed(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, ReadingOptions options) {
        if (waitsForTime && clock.millis() >= untilMs.orElseThrow()) {
            waitsForTime = false;
            atMost(new LogBounds(consumer, partitions, options.timeout()).at(untilMs.orElseThrow()));
        }
    }

    /**
     * Returns whether this record has the time that ends reading, or a later one. It is then the end of its partition.
     */
    boolean reachedBy(TopicPartition partition, ConsumerRecord<?, ?> entry) {
        boolean reached = waitsForTime && entry.timestamp() >= untilMs.orElseThrow();
        if (reached) {
            ends.merge(partition, entry.offset(), Math::min);
        }
        return reached;
    }

    /** Returns the first offset that must not be read, or {@link Long#MAX_VALUE} while the partition has no end. */
    long of(TopicPartition partition) {
        return ends.getOrDefault(partition, Long.MAX_VALUE);
    }
}
