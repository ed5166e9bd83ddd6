package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.check.Ledger.Written;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Checks what the application receives: every record once and in order between two seeks, none that was aborted or is
 * not yet visible, none skipped. It allows what follows from the real events of the logs, and nothing else. Used by the
 * simulation's thread.
 */
public final class DeliveryOracle {
    private static final long UNKNOWN = -1;

    /** A truncation of a log. Clients get no notice of it. */
    private record Cut(long offset, long lastWriteId) {}

    /** The application's progress in one partition. */
    private static final class Reading {
        /** The log that is read; it is replaced when the topic is created again. */
        ModelPartition log;
        /** The offset of the next record, or {@code UNKNOWN}; then it is not below {@link #floor}. */
        long next = UNKNOWN;

        long floor;
        /** The write id of the last record that was delivered. */
        long lastWriteId;
        /** Whether a record has been read since the last seek, so that the client knows its leader epoch. */
        boolean epochKnown;
        /** Truncations of the log that the client may not have noticed. */
        final List<Cut> cuts = new ArrayList<>();

        Reading(ModelPartition log) {
            this.log = log;
        }

        /** Whether the log was truncated below what was read of it. */
        boolean isCutBelow() {
            return cuts.stream().anyMatch(cut -> cut.offset() < next);
        }

        /** Whether this record was truncated since, so that nothing is known about the records around it. */
        boolean isOfBeforeCut(long offset, long writeId) {
            return cuts.stream().anyMatch(cut -> cut.offset() <= offset && writeId <= cut.lastWriteId());
        }

        Cut lowestCut() {
            return cuts.stream().min(Comparator.comparingLong(Cut::offset)).orElseThrow();
        }

        Cut newestCut() {
            return cuts.get(cuts.size() - 1);
        }
    }

    private final ModelCluster cluster;
    private final Ledger ledger;
    private final boolean readCommitted;
    private final boolean latest;
    private final Map<TopicPartition, Reading> readings = new HashMap<>();
    private final Set<String> recreated = new HashSet<>();
    /** Every truncation of each log: one may come before the first record of the log is delivered. */
    private final Map<ModelPartition, List<Cut>> cutsOf = new HashMap<>();

    private long count;

    /** @param latest whether {@code auto.offset.reset} is {@code latest} */
    public DeliveryOracle(ModelCluster cluster, Ledger ledger, boolean readCommitted, boolean latest) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.readCommitted = readCommitted;
        this.latest = latest;
    }

    // Called for the acts of the application.

    /** Notes an assignment; partitions that stay in it go on. */
    public void assigned(Set<TopicPartition> partitions) {
        readings.keySet().retainAll(partitions);
        for (TopicPartition name : partitions) {
            ModelPartition partition = cluster.partition(name);
            if (partition != null && !readings.containsKey(name)) {
                Reading reading = new Reading(partition);
                readings.put(name, reading);
                if (latest) {
                    reading.floor = floor(partition);
                } else {
                    reading.next = partition.log().startOffset();
                }
            }
        }
    }

    /** Notes a seek to this offset. */
    public void soughtTo(TopicPartition name, long offset) {
        Reading reading = begin(name);
        if (reading != null) {
            reading.next = offset;
        }
    }

    /** Notes a seek to the end offset. */
    public void soughtToEnd(TopicPartition name) {
        Reading reading = begin(name);
        if (reading != null) {
            reading.next = UNKNOWN;
            reading.floor = floor(reading.log);
        }
    }

    /** Notes a seek to the beginning. */
    public void soughtToBeginning(TopicPartition name) {
        Reading reading = begin(name);
        if (reading != null) {
            reading.next = reading.log.log().startOffset();
        }
    }

    /** Returns whether the topic was created again since the partition was last read. */
    public boolean mayBeOfAnotherTopic(TopicPartition name) {
        return recreated.contains(name.topic());
    }

    /** Checks that a position was reported as lost only because something happened to its log. */
    public void lost(TopicPartition name) {
        Reading reading = readings.get(name);
        if (reading == null || reading.next == UNKNOWN || !reading.epochKnown) {
            return;
        }
        if (recreated.contains(name.topic()) || !reading.cuts.isEmpty()) {
            return;
        }
        if (reading.next >= reading.log.log().startOffset()) {
            throw new Violation(
                    "D1", "the position of " + name + ", which is " + reading.next + ", is said to be lost");
        }
    }

    /** Returns whether the position, with the leader epoch of the record before it, can still be read from. */
    public boolean mayBeResumed(TopicPartition name) {
        Reading reading = readings.get(name);
        return reading != null && reading.epochKnown && !recreated.contains(name.topic());
    }

    private @Nullable Reading begin(TopicPartition name) {
        Reading reading = readings.get(name);
        if (reading != null) {
            reading.epochKnown = false;
            reading.cuts.clear();
            reading.floor = 0;
        }
        return reading;
    }

    private long end(ModelPartition partition) {
        return readCommitted
                ? partition.log().lastStableOffset()
                : partition.log().highWatermark();
    }

    /** Returns the lowest offset: a client that learns that the topic was created again reads it from its start. */
    private long floor(ModelPartition partition) {
        return recreated.contains(partition.name().topic()) ? 0 : end(partition);
    }

    // Called for the events of logs.

    /** Notes that the topic was deleted, and another one of its name created. */
    public void recreated(String topic) {
        recreated.add(topic);
        readings.forEach((name, reading) -> reading.floor = name.topic().equals(topic) ? 0 : reading.floor);
    }

    /** Notes that the log was truncated to this end. */
    public void truncated(ModelPartition partition, long end) {
        Cut cut = new Cut(end, ledger.last());
        cutsOf.computeIfAbsent(partition, log -> new ArrayList<>()).add(cut);
        Reading reading = readings.get(partition.name());
        if (reading == null || reading.log != partition) {
            return;
        }
        if (reading.next == UNKNOWN || (latest && !reading.epochKnown)) {
            reading.next = UNKNOWN;
            reading.floor = Math.min(reading.floor, end);
        }
        reading.cuts.add(cut);
    }

    // Called for what the application receives.

    /** Checks a record that the application has polled. */
    public void delivered(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition name = new TopicPartition(record.topic(), record.partition());
        Reading reading = readings.get(name);
        if (reading == null) {
            throw new Violation("I20", "a record of " + name + ", which is not assigned");
        }
        long writeId = ByteBuffer.wrap(record.value()).getLong();
        Written written = ledger.of(writeId);
        if (written == null || !written.name().equals(name) || written.offset() != record.offset()) {
            throw new Violation("D1", "at offset " + record.offset() + " of " + name + " comes " + written);
        }
        if (readCommitted && !written.transaction().isCommitted()) {
            throw new Violation("D2", "offset " + record.offset() + " of " + name + " was never committed");
        }
        if (written.partition() != reading.log) {
            recreated(reading, written);
        }
        advance(reading, name, record.offset(), writeId);
        reading.cuts.removeIf(cut -> cut.lastWriteId() < writeId);
        reading.next = record.offset() + 1;
        reading.epochKnown = true;
        reading.lastWriteId = writeId;
        count++;
    }

    private void recreated(Reading reading, Written written) {
        long was = reading.log.topicId().getLeastSignificantBits();
        long is = written.partition().topicId().getLeastSignificantBits();
        if (is < was) {
            throw new Violation("D1", "a record of the deleted topic, after records of the one created since");
        }
        reading.log = written.partition();
        reading.cuts.clear();
        reading.cuts.addAll(cutsOf.getOrDefault(reading.log, List.of()));
        reading.floor = 0;
        if (!reading.epochKnown && (reading.next == UNKNOWN || latest)) {
            // The sought offset may be out of range in the new topic, and the policy resets it to the end.
            reading.next = UNKNOWN;
            return;
        }
        // The new topic is read from its start, unless the application has sought in it before its first record came.
        if (reading.epochKnown || !isFirstFrom(reading, written)) {
            reading.next = 0;
        }
        reading.epochKnown = false;
    }

    /** Whether no record lies between the position and this one; those between may have been compacted away since. */
    private boolean isFirstFrom(Reading reading, Written written) {
        LogRecord first = firstVisible(reading, reading.next);
        return written.offset() >= reading.next && (first == null || first.offset() >= written.offset());
    }

    /** Moves the reading to this offset, by a record or by a position alone. */
    private void advance(Reading reading, TopicPartition name, long offset, long writeId) {
        if (reading.next == UNKNOWN) {
            if (offset < reading.floor) {
                throw new Violation(
                        "D1", "offset " + offset + " of " + name + ", which was to be read from " + reading.floor);
            }
            return;
        }
        if (mayBeSentToTheEnd(reading)) {
            // Retention has overtaken the position, and the policy resets it to the end.
            return;
        }
        if (isSoughtBeforeTheTopicWasKnownToBeAnother(reading, name, offset)) {
            return;
        }
        if (reading.isCutBelow()) {
            advanceOverCuts(reading, name, offset, writeId);
        } else if (offset < reading.next) {
            throw new Violation("I21", "offset " + offset + " of " + name + " comes again, next was " + reading.next);
        } else if (!reading.isOfBeforeCut(offset, writeId)) {
            notSkipped(reading, name, reading.next, offset);
        }
    }

    /** Returns whether the client meant the seek for the deleted topic; then it does not apply to the new one. */
    private boolean isSoughtBeforeTheTopicWasKnownToBeAnother(Reading reading, TopicPartition name, long offset) {
        if (reading.epochKnown || offset >= reading.next || !recreated.contains(name.topic())) {
            return false;
        }
        LogRecord first = firstVisible(reading, reading.log.log().startOffset());
        return first != null && first.offset() == offset;
    }

    /** Whether the position, or the offset of a truncation, is below the log start, so the policy may act. */
    private boolean mayBeSentToTheEnd(Reading reading) {
        long start = reading.log.log().startOffset();
        boolean overtaken = reading.next < start
                || (reading.isCutBelow() && reading.lowestCut().offset() < start);
        return latest && overtaken;
    }

    private void notSkipped(Reading reading, TopicPartition name, long from, long offset) {
        LogRecord first = firstVisible(reading, from);
        if (first != null && first.offset() < offset) {
            throw new Violation("D1", "offset " + first.offset() + " of " + name + " was skipped, next is " + offset);
        }
    }

    /** Moves over truncations: older records may still come, newer ones from the truncation's offset on. */
    private void advanceOverCuts(Reading reading, TopicPartition name, long offset, long writeId) {
        Cut lowest = reading.lowestCut();
        boolean writtenSince = writeId > reading.newestCut().lastWriteId();
        if (!writtenSince) {
            return;
        }
        LogRecord fromStart = firstVisible(reading, reading.log.log().startOffset());
        boolean fromTheStart = offset < reading.next && fromStart != null && fromStart.offset() == offset;
        boolean mustHaveNoticed = offset < reading.next || reading.epochKnown;
        if (mustHaveNoticed && !fromTheStart) {
            notSkipped(reading, name, lowest.offset(), offset);
        }
    }

    private @Nullable LogRecord firstVisible(Reading reading, long from) {
        return reading.log.log().firstVisible(from, readCommitted);
    }

    /** Returns how many records were delivered. */
    public long count() {
        return count;
    }

    /** Checks the application's position, as it would be committed now. */
    public void positioned(TopicPartition name, long position) {
        Reading reading = readings.get(name);
        boolean sameLog = reading != null && cluster.partition(name) == reading.log;
        if (reading == null || !sameLog || reading.next == UNKNOWN || reading.isCutBelow()) {
            return;
        }
        if (mayBeSentToTheEnd(reading)) {
            return;
        }
        if (reading.cuts.stream().anyMatch(cut -> cut.offset() < position)) {
            // The offsets between may have been fetched before the truncation, without a record for the application.
            reading.next = Math.max(reading.next, position);
            return;
        }
        if (position < reading.next) {
            throw new Violation("I21", "the position of " + name + " went from " + reading.next + " to " + position);
        }
        LogRecord skipped = firstVisible(reading, reading.next);
        if (skipped != null && skipped.offset() < position) {
            throw new Violation(
                    "D1",
                    "the position of " + name + " is " + position + ", and offset " + skipped.offset()
                            + " was never delivered");
        }
        reading.next = position;
    }

    /**
     * Returns whether all records of this partition that can be delivered have been.
     *
     * @param position returns the consumer's position, or -1; called only if no record since the last seek shows it
     */
    public boolean isRead(TopicPartition name, ToLongFunction<TopicPartition> position) {
        Reading reading = readings.get(name);
        ModelPartition partition = cluster.partition(name);
        if (reading == null || partition == null) {
            return false;
        }
        boolean lost = mayBeSentToTheEnd(reading) || (latest && partition != reading.log);
        // An offset sought before the topic was created again may be beyond the end of the new one.
        boolean soughtInOldTopic = partition != reading.log && !reading.epochKnown;
        return (reading.next == UNKNOWN || lost || soughtInOldTopic)
                ? position.applyAsLong(name) >= end(partition)
                : (partition == reading.log && reading.next >= end(partition));
    }

    /** Returns whether an event of the log may move the position back behind delivered records. */
    public boolean mayGoBack(TopicPartition name) {
        Reading reading = readings.get(name);
        return reading == null || reading.isCutBelow() || cluster.partition(name) != reading.log;
    }

    /** Returns whether a record of this partition was delivered that was written after this one. */
    public boolean hasHeardSince(TopicPartition name, long writeId) {
        Reading reading = readings.get(name);
        return reading != null && reading.lastWriteId > writeId;
    }

    /** Returns the progress in a partition, in words. */
    public String standing(TopicPartition name) {
        Reading reading = readings.get(name);
        ModelPartition partition = cluster.partition(name);
        return name + " is read up to " + (reading == null ? "nowhere" : reading.next) + " of "
                + (partition == null ? "nothing" : end(partition));
    }
}
