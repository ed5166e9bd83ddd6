package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.testkit.simulation.model.LogBatch.Kind;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One partition's log: its batches, watermarks, transactions and leader epochs. */
public final class PartitionLog {
    /** Bytes of each record's value: enough for a write id. */
    public static final int PAYLOAD_BYTES = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private record EpochStart(int epoch, long offset) {}

    /** A transaction that was committed or aborted, with the offset of its marker. */
    private record Ended(long producerId, boolean aborted, long firstOffset, long markerOffset) {}

    /** The end of a leader epoch, as in a broker's cache of epochs. */
    public record EpochEnd(int epoch, long endOffset) {}

    private final List<LogBatch> batches = new ArrayList<>();
    private final List<EpochStart> epochs = new ArrayList<>();
    private final Map<Long, Long> openTransactions = new LinkedHashMap<>();
    /** In the order of their markers. */
    private final List<Ended> ended = new ArrayList<>();

    private long startOffset;
    private long endOffset;
    private long highWatermark;
    private boolean highWatermarkHeld;

    /** The batches that the log still has, in the order of their offsets. */
    public List<LogBatch> batches() {
        return batches;
    }

    /** The log start offset. */
    public long startOffset() {
        return startOffset;
    }

    /** The offset that the next record will have. */
    public long endOffset() {
        return endOffset;
    }

    /** The high watermark of the leader. */
    public long highWatermark() {
        return highWatermark;
    }

    /** The last stable offset: below it every transaction has ended with a marker below the high watermark. */
    public long lastStableOffset() {
        long stable = highWatermark;
        for (long first : openTransactions.values()) {
            stable = Math.min(stable, first);
        }
        for (int i = ended.size() - 1; i >= 0 && ended.get(i).markerOffset() >= highWatermark; i--) {
            stable = Math.min(stable, ended.get(i).firstOffset());
        }
        return stable < startOffset ? batchStart(startOffset) : stable;
    }

    /**
     * Returns the first offset of the batch that holds this offset. A broker looks up positions of its log by the first
     * offset.
     */
    long batchStart(long offset) {
        int index = firstAtOrAfter(offset);
        return index == batches.size() ? offset : batches.get(index).baseOffset();
    }

    /** Returns whether this producer has an open transaction. */
    public boolean hasOpenTransaction(long producerId) {
        return openTransactions.containsKey(producerId);
    }

    /** Returns the producers with open transactions. */
    public List<Long> openProducers() {
        return List.copyOf(openTransactions.keySet());
    }

    /**
     * Appends one batch of records.
     *
     * @param records how many, 1 or more
     * @param payloadBytes the size of each value in bytes
     * @param producerId the producer of the transaction, or -1 for none
     * @param firstWriteId the write id of the first record; the others follow without gaps
     */
    public LogBatch append(int records, int payloadBytes, int leaderEpoch, long producerId, long firstWriteId) {
        List<LogRecord> written = new ArrayList<>(records);
        for (int i = 0; i < records; i++) {
            written.add(new LogRecord(endOffset + i, firstWriteId + i));
        }
        Kind kind = producerId < 0 ? Kind.DATA : Kind.TRANSACTIONAL_DATA;
        long last = endOffset + records - 1;
        return add(RecordBatchWriter.write(endOffset, last, leaderEpoch, kind, producerId, written, payloadBytes));
    }

    /** Ends a transaction by its marker. */
    public LogBatch endTransaction(long producerId, boolean commit, int leaderEpoch) {
        Kind kind = commit ? Kind.COMMIT_MARKER : Kind.ABORT_MARKER;
        return add(RecordBatchWriter.write(endOffset, endOffset, leaderEpoch, kind, producerId, List.of(), 0));
    }

    private LogBatch add(LogBatch batch) {
        batches.add(batch);
        endOffset = batch.nextOffset();
        account(batch);
        if (!highWatermarkHeld) {
            highWatermark = endOffset;
        }
        return batch;
    }

    private void account(LogBatch batch) {
        switch (batch.kind()) {
            case DATA -> {}
            case TRANSACTIONAL_DATA -> openTransactions.putIfAbsent(batch.producerId(), batch.baseOffset());
            case COMMIT_MARKER, ABORT_MARKER -> {
                Long first = openTransactions.remove(batch.producerId());
                if (first != null) {
                    boolean aborted = batch.kind() == Kind.ABORT_MARKER;
                    ended.add(new Ended(batch.producerId(), aborted, first, batch.baseOffset()));
                }
            }
        }
    }

    /** Stops the high watermark, as when followers lag; false lets it catch up. */
    public void holdHighWatermark(boolean hold) {
        highWatermarkHeld = hold;
        if (!hold) {
            highWatermark = endOffset;
        }
    }

    /** Removes everything before this offset, as retention does. */
    public void deleteBefore(long offset) {
        startOffset = Math.max(startOffset, Math.min(offset, highWatermark));
        batches.removeIf(batch -> batch.nextOffset() <= startOffset);
        EpochStart before = null;
        while (!epochs.isEmpty() && epochs.get(0).offset() <= startOffset) {
            before = epochs.remove(0);
        }
        if (before != null) {
            epochs.add(0, new EpochStart(before.epoch(), startOffset));
        }
    }

    /**
     * Truncates the log, as the election of a replica that is not in sync does. Batches are not divided.
     *
     * @return the new end
     */
    public long truncateTo(long offset) {
        while (!batches.isEmpty() && batches.get(batches.size() - 1).lastOffset() >= offset) {
            endOffset = batches.remove(batches.size() - 1).baseOffset();
        }
        endOffset = Math.max(startOffset, Math.min(endOffset, Math.max(offset, lastBatchEnd())));
        highWatermark = Math.min(highWatermark, endOffset);
        epochs.removeIf(start -> start.offset() >= endOffset);
        openTransactions.clear();
        ended.clear();
        batches.forEach(this::account);
        return endOffset;
    }

    /** The offset after the last batch below this end, or the log start offset. From there on nothing is left. */
    public long filledBelow(long end) {
        for (int i = batches.size() - 1; i >= 0; i--) {
            if (batches.get(i).baseOffset() < end) {
                return Math.min(end, batches.get(i).nextOffset());
            }
        }
        return startOffset;
    }

    private long lastBatchEnd() {
        return batches.isEmpty() ? startOffset : batches.get(batches.size() - 1).nextOffset();
    }

    /** Removes records of ended transactions and of none, as compaction does; batches that become empty vanish. */
    public void compact(Predicate<LogRecord> removed) {
        long stable = lastStableOffset();
        for (int i = 0; i < batches.size(); i++) {
            LogBatch batch = batches.get(i);
            if (batch.kind().isMarker() || batch.lastOffset() >= stable) {
                continue;
            }
            List<LogRecord> kept =
                    batch.records().stream().filter(removed.negate()).toList();
            if (kept.size() < batch.records().size()) {
                batches.set(i, batch.keeping(kept, PAYLOAD_BYTES));
            }
        }
        // The last batch stays even without records: the leader must be able to tell where its log ends.
        for (int i = batches.size() - 2; i >= 0; i--) {
            LogBatch batch = batches.get(i);
            if (!batch.kind().isMarker() && batch.records().isEmpty()) {
                batches.remove(i);
            }
        }
    }

    /** Begins a leader epoch. */
    public void beginEpoch(int epoch) {
        epochs.removeIf(start -> start.offset() >= endOffset);
        epochs.add(new EpochStart(epoch, endOffset));
    }

    /** Returns the epoch under which the record at this offset was or would be written, or -1. */
    public int epochAt(long offset) {
        int epoch = -1;
        for (EpochStart start : epochs) {
            if (start.offset() <= offset) {
                epoch = start.epoch();
            }
        }
        return epoch;
    }

    /**
     * Returns the end of this epoch, or of the one before it if there was none; empty when the epoch is later than all
     * known ones.
     */
    public Optional<EpochEnd> endOf(int asked) {
        EpochStart floor = null;
        for (EpochStart start : epochs) {
            if (start.epoch() > asked) {
                return Optional.of(new EpochEnd(floor == null ? asked : floor.epoch(), start.offset()));
            }
            floor = start;
        }
        return floor != null && floor.epoch() == asked ? Optional.of(new EpochEnd(asked, endOffset)) : Optional.empty();
    }

    /**
     * Reads from the batch that holds {@code offset} on, at most {@code maxBytes}; the last batch may be cut.
     *
     * @param upTo batches from this offset on are not visible
     * @param atLeastOne whether the first batch is returned whole even if it is larger than {@code maxBytes}; otherwise
     *     the result is empty if that batch would be cut
     */
    public ByteBuffer read(long offset, long upTo, int maxBytes, boolean atLeastOne) {
        int first = firstAtOrAfter(offset);
        int bytes = 0;
        int end = first;
        while (end < batches.size() && batches.get(end).baseOffset() < upTo && bytes < maxBytes) {
            bytes += batches.get(end++).bytes().limit();
        }
        if (end == first
                && atLeastOne
                && first < batches.size()
                && batches.get(first).baseOffset() < upTo) {
            bytes = batches.get(end++).bytes().limit();
        }
        if (end == first) {
            return NOTHING;
        }
        int firstBytes = batches.get(first).bytes().limit();
        if (firstBytes > maxBytes && !atLeastOne) {
            return NOTHING;
        }
        ByteBuffer all = ByteBuffer.allocate(Math.min(bytes, Math.max(maxBytes, firstBytes)));
        for (int i = first; i < end; i++) {
            ByteBuffer batch = batches.get(i).bytes().duplicate();
            batch.limit(Math.min(batch.limit(), all.remaining()));
            all.put(batch);
        }
        return all.flip();
    }

    private int firstAtOrAfter(long offset) {
        int index = 0;
        while (index < batches.size() && batches.get(index).lastOffset() < offset) {
            index++;
        }
        return index;
    }

    /** Returns the transactions that a reader of this range must leave out. */
    public List<AbortedTransaction> abortedWithin(long from, long upTo) {
        List<AbortedTransaction> within = new ArrayList<>();
        for (Ended transaction : ended) {
            if (transaction.aborted() && transaction.markerOffset() >= from && transaction.firstOffset() < upTo) {
                within.add(new AbortedTransaction(transaction.producerId(), transaction.firstOffset()));
            }
        }
        return within;
    }

    /** Returns the first record at or behind this offset that a reader may see, or null if there is none. */
    public @Nullable LogRecord firstVisible(long offset, boolean readCommitted) {
        long end = readCommitted ? lastStableOffset() : highWatermark;
        for (int i = firstAtOrAfter(offset); i < batches.size(); i++) {
            LogBatch batch = batches.get(i);
            if (batch.baseOffset() >= end) {
                return null;
            }
            if (readCommitted && isAborted(batch)) {
                continue;
            }
            for (LogRecord record : batch.records()) {
                if (record.offset() >= offset && record.offset() >= startOffset) {
                    return record;
                }
            }
        }
        return null;
    }

    /** Returns whether the batch belongs to an aborted transaction. */
    public boolean isAborted(LogBatch batch) {
        return batch.kind() == Kind.TRANSACTIONAL_DATA
                && ended.stream()
                        .anyMatch(transaction -> transaction.aborted()
                                && transaction.producerId() == batch.producerId()
                                && transaction.firstOffset() <= batch.baseOffset()
                                && transaction.markerOffset() > batch.lastOffset());
    }
}
