package dev.surefoot.cli.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The assigned partitions that have not been read to their end. */
final class OpenPartitions {

    private final Consumer<?, ?> consumer;
    private final ReadingOptions options;
    private final Printout printout;
    private final ReadingEnds ends;
    private final Set<TopicPartition> open = new HashSet<>();

    OpenPartitions(Consumer<?, ?> consumer, ReadingOptions options, Printout printout, ReadingEnds ends) {
        this.consumer = consumer;
        this.options = options;
        this.printout = printout;
        this.ends = ends;
    }

    /**
     * Adds partitions.
     *
     * @param bounds theirs, asked only if reading stops at the end
     */
    void add(Collection<TopicPartition> partitions, LogBounds bounds) {
        open.addAll(partitions);
        if (options.untilEnd()) {
            ends.atMost(bounds.end());
        }
        ends.lookUpAdded(consumer, partitions, options);
        ends.lookUpIfPassed(consumer, open, options);
        pauseEnded();
    }

    /** Removes partitions that are assigned no longer. */
    void remove(Collection<TopicPartition> partitions) {
        open.removeAll(partitions);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Removes the partitions that have been read to their end, if reading ends anywhere. */
    void removeEnded() {
        if (ends.areSought()) {
            ends.lookUpIfPassed(consumer, open, options);
            advance();
            pauseEnded();
        }
    }

    /** Moves to the consumer's positions, which also pass transaction markers and compacted offsets. */
    private void advance() {
        if (!printout.isFull()) {
            for (TopicPartition each : open) {
                printout.moveTo(each, new OffsetAndMetadata(consumer.position(each, options.timeout())));
            }
        }
    }

    /** Pauses the partitions that end, so that they take no bandwidth and end although they are written to. */
    private void pauseEnded() {
        List<TopicPartition> ended = new ArrayList<>();
        for (TopicPartition each : open) {
            if (printout.nextOffset(each) >= ends.of(each)) {
                ended.add(each);
            }
        }
        open.removeAll(ended);
        consumer.pause(ended);
    }
}
