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
 * Where reading ends, in each partition: at its end as it stood at the start, before the first record of a time or
 * later, at whichever comes first, or nowhere.
 *
 * <p>A time that has passed is an offset: that of the first record of that time or later, or the end. Until
 * then a record of that time or later ends its partition when it is read, and the rest gets its offsets
 * when the clock gets there.
 */
final class ReadingEnds {

    private final OptionalLong untilMs;
    private final Clock clock;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private boolean waitsForTime;

    /** Ends before this time, if there is one; the clock tells whether it has passed. */
    ReadingEnds(OptionalLong untilMs, Clock clock) {
        this.untilMs = untilMs;
        this.clock = clock;
        this.waitsForTime = untilMs.isPresent();
    }

    /** Tells whether there is any end. */
    boolean areSought() {
        return untilMs.isPresent() || !ends.isEmpty();
    }

    /** No partition is read further than this. */
    void atMost(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> ends.merge(partition, offset, Math::min));
    }

    /** Looks up the offsets of the time, once it has passed. */
    void lookUpIfPassed(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, ReadingOptions options) {
        if (waitsForTime && clock.millis() >= untilMs.orElseThrow()) {
            waitsForTime = false;
            atMost(new LogBounds(consumer, partitions, options.timeout()).at(untilMs.orElseThrow()));
        }
    }

    /** Tells whether this record is of the time that is waited for, or later; it is then the end of its partition. */
    boolean reachedBy(TopicPartition partition, ConsumerRecord<?, ?> entry) {
        boolean reached = waitsForTime && entry.timestamp() >= untilMs.orElseThrow();
        if (reached) {
            ends.merge(partition, entry.offset(), Math::min);
        }
        return reached;
    }

    /** The first offset that is not to be read; the largest there is while the partition has no end. */
    long of(TopicPartition partition) {
        return ends.getOrDefault(partition, Long.MAX_VALUE);
    }
}
