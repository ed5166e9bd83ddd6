package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.BatchesAhead;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One partition's queue of deliveries that the application has not read yet, and its consumed position. Deliveries take
 * effect in order, each when the application has read those before it. Owned by the application's thread.
 *
 * <p>Reading goes: {@link #openCursor}, then {@link #moveToNext} and either {@link #take} or {@link #keep} for each
 * record, then {@link #finishIfRead}.
 */
final class Lane {
    private final TopicPartition partition;
    private final ReadAhead readAhead;
    private final ReadingListener listener;
    private final Arrivals arrivals = new Arrivals();
    private final DeliveryQueue queue;

    private long generation;
    private boolean positioned;
    private long offset;
    private int offsetEpoch;
    private Watermarks watermarks = Watermarks.UNKNOWN;
    private boolean paused;
    private boolean withheld;
    private boolean leftUnread;
    private @Nullable RecordCursor cursor;
    private boolean atRecord;
    /** What kept the application from taking the next record, or null. */
    private @Nullable Throwable trouble;

    /** The batch at the consumed position that is examined, or null. */
    private @Nullable BatchExamination examination;
    /** The records that were taken of the delivery that is being read. */
    private int recordsTaken;

    private long bytesTaken;
    private LastRecord lastRecord = LastRecord.NONE;
    /** Whether the position or the watermarks have changed since the last call of {@link #reportChange}. */
    private boolean changed;
    /** Whether the application has read records since then. */
    private boolean read;
    /**
     * The topic that the position belongs to, or {@link Uuid#ZERO_UUID} for that of the generation's first position.
     */
    private Uuid topicId = Uuid.ZERO_UUID;

    Lane(TopicPartition partition, long generation, ReadAhead readAhead, ReadingListener listener) {
        this.partition = partition;
        this.readAhead = readAhead;
        this.listener = listener;
        this.generation = generation;
        this.queue = new DeliveryQueue(listener);
    }

    TopicPartition partition() {
        return partition;
    }

    long generation() {
        return generation;
    }

    /** The consumed position, or null while it is being looked up. */
    @Nullable FetchPosition position() {
        return positioned ? new FetchPosition(offset, offsetEpoch) : null;
    }

    private void moveTo(@Nullable FetchPosition position) {
        positioned = position != null;
        if (position != null) {
            offset = position.offset();
            offsetEpoch = position.offsetEpoch();
        }
    }

    Watermarks watermarks() {
        return watermarks;
    }

    boolean paused() {
        return paused;
    }

    /** Pauses or resumes reading. A pause releases batches that were decompressed ahead. */
    void pause(boolean pause) {
        paused = pause;
        if (pause) {
            // The memory of decompressed batches is limited, and partitions that are read need it.
            queue.releaseAhead();
        }
    }

    /** Gives no more records, for good. */
    void withhold() {
        withheld = true;
    }

    /** Stops or goes on giving records, beside what the application has paused. */
    void leaveUnread(boolean unread) {
        leftUnread = unread;
    }

    /** Whether there is something to read that may be read. */
    boolean mayBeRead() {
        return !queue.isEmpty() && !paused && !withheld && !leftUnread;
    }

    /** Whether the lane has a delivery for the application to read, or why not. */
    LaneReadiness readiness() {
        if (withheld || paused) {
            return withheld ? LaneReadiness.WITHHELD : LaneReadiness.PAUSED;
        }
        Delivery next = queue.head();
        if (next == null) {
            return positioned ? LaneReadiness.EMPTY : LaneReadiness.UNPOSITIONED;
        }
        if (next.kind() == Delivery.Kind.FAILURE) {
            return ((Delivery.Failure) next).lasting() ? LaneReadiness.HALTED : LaneReadiness.FAILED;
        }
        return trouble != null ? LaneReadiness.RECORD_FAILED : LaneReadiness.READY;
    }

    /** Whether the lane has deliveries that the application cannot read before it resumes or seeks. */
    boolean blocked() {
        return (paused || leftUnread || trouble != null) && !queue.isEmpty();
    }

    /**
     * Whether fetching from the consumed position again would bring the same deliveries. Positions and failures would
     * not come again: the loop has decided on them once, for example because a topic was recreated.
     */
    boolean canBeFetchedAgain() {
        return queue.hasRecordsOnly();
    }

    /** The topic that the consumed position belongs to; zero for that of the generation's first position. */
    Uuid topicId() {
        return topicId;
    }

    /** Adds a delivery of the loop; one of an older generation is dropped and its memory released. */
    void offer(Delivery delivery) {
        if (delivery.generation() != generation) {
            DeliveryQueue.releaseUnread(delivery, listener);
            return;
        }
        delivery.accept(arrivals);
        takePositions();
    }

    /** Adds a delivery of the present generation. */
    private final class Arrivals implements Delivery.Visitor {
        @Override
        public void records(Delivery.Records records) {
            watermarks = records.watermarks();
            queue.add(records, paused ? BatchesAhead.NONE : readAhead.begin(records));
        }

        @Override
        public void marks(Delivery.Marks marks) {
            watermarks = marks.watermarks();
        }

        @Override
        public void positioned(Delivery.Positioned position) {
            queue.add(position);
        }

        @Override
        public void failure(Delivery.Failure failure) {
            queue.add(failure);
        }
    }

    /**
     * Begins a new generation at a position, and drops all deliveries, the one that is being read included.
     *
     * @param newPosition null if the loop has to find it
     */
    void restart(long newGeneration, @Nullable FetchPosition newPosition) {
        generation = newGeneration;
        moveTo(newPosition);
        topicId = Uuid.ZERO_UUID;
        trouble = null;
        lastRecord = LastRecord.NONE;
        examination = null;
        closeCursor();
        queue.clear(recordsTaken, bytesTaken);
        recordsTaken = 0;
        bytesTaken = 0;
    }

    /**
     * Marks position or watermarks as changed, by reading or else; returns whether it is the first change to report.
     */
    boolean markChanged(boolean byReading) {
        boolean first = !changed;
        changed = true;
        read |= byReading;
        return first;
    }

    /** Reports the position and the watermarks to the listener. */
    void reportChange() {
        lastRecord = lastRecord.next(cursor, recordsTaken);
        LaneView view = new LaneView(partition, generation, position(), readiness(), trouble, lastRecord);
        listener.changed(view, watermarks, read);
        changed = false;
        read = false;
    }

    private void takePositions() {
        while (!isProbing() && queue.headIs(Delivery.Kind.POSITIONED)) {
            Delivery.Positioned next = queue.removePosition();
            moveTo(next.position());
            topicId = next.topicId();
        }
    }

    /** Whether the next delivery is a failure for poll to throw. */
    boolean failed() {
        return queue.headIs(Delivery.Kind.FAILURE)
                && !(isProbing() && queue.failure().lasting());
    }

    /** The exception of the next delivery, which must be a failure. */
    KafkaException failure() {
        return queue.failure().cause();
    }

    /** Removes the failure that is the next delivery, unless it is lasting. Called when poll throws it. */
    void endPassingFailure() {
        if (!queue.failure().lasting()) {
            queue.removeFailure();
            takePositions();
        }
    }

    /**
     * Returns the cursor over the delivery that is being read, and opens it if it is new.
     *
     * @throws KafkaException if the data cannot be opened; the position does not move
     */
    RecordCursor openCursor(boolean readCommitted, boolean checkCrcs, Decompressor decompressor) {
        RecordCursor open = cursor;
        return open != null ? open : open(queue.records(), readCommitted, checkCrcs, decompressor);
    }

    /**
     * Moves to the next record of the delivery that is being read. After {@link #keep} it is the same record again.
     *
     * @return false if there is no further record, and the delivery was released, or if the cursor has paused
     * @throws KafkaException if the data is malformed; the position does not move
     */
    boolean moveToNext(RecordCursor open) {
        if (atRecord) {
            return true;
        }
        atRecord = open.next();
        if (!atRecord && !open.hasPaused()) {
            finish(queue.records(), open);
        }
        return atRecord;
    }

    /**
     * Releases the delivery that is being read if no record is left, so that its memory is not kept until the next
     * poll. It stays if a new position follows, which must not take effect before the next poll.
     *
     * @return whether it was released
     */
    @SuppressWarnings("ReferenceEquality") // an equal cursor is still another one
    boolean finishIfRead(RecordCursor open) {
        if (cursor != open || atRecord || open.mayHaveMore() || queue.positionFollows()) {
            return false;
        }
        finish(queue.records(), open);
        return true;
    }

    private RecordCursor open(
            Delivery.Records records, boolean readCommitted, boolean checkCrcs, Decompressor decompressor) {
        if (!positioned || offset != records.fetchOffset()) {
            throw new IllegalStateException("Fetched " + partition + " from " + records.fetchOffset()
                    + " while the position was " + (positioned ? offset : "not known") + "; this is a bug in Surefoot");
        }
        RecordCursor opened = new RecordCursor(
                partition,
                records.records(),
                records.fetchOffset(),
                readCommitted,
                records.abortedTransactions(),
                checkCrcs,
                decompressor,
                queue.ahead());
        cursor = opened;
        return opened;
    }

    private void finish(Delivery.Records records, RecordCursor open) {
        offset = records.nextOffset();
        rememberEpoch(open.lastEpoch());
        lastRecord = lastRecord.next(open, recordsTaken);
        closeCursor();
        queue.removeRecords(recordsTaken, bytesTaken);
        recordsTaken = 0;
        bytesTaken = 0;
        takePositions();
    }

    /**
     * Moves the position past the current record, which the application has taken. Does nothing if the application has
     * moved the position while it took the record.
     *
     * @param bytes the size of the record, which is not known any more after it was taken
     * @return whether the next record may be read
     */
    @SuppressWarnings("ReferenceEquality") // an equal cursor is still another one
    boolean take(RecordCursor open, int bytes) {
        if (cursor != open) {
            return false;
        }
        recordsTaken++;
        bytesTaken += bytes;
        offset = open.nextOffset();
        rememberEpoch(open.leaderEpoch());
        atRecord = false;
        trouble = null;
        return !paused && !leftUnread;
    }

    private void rememberEpoch(int epoch) {
        if (epoch >= 0) {
            offsetEpoch = epoch;
        }
    }

    /** Moves the position past the current record of the open cursor. The record does not count as read. */
    void passOver(RecordCursor open) {
        recordsTaken--;
        take(open, 0);
    }

    /** Moves the position behind the examined batch; the delivery from there is the next one. */
    void passOverBatch() {
        moveTo(FetchPosition.at(
                Objects.requireNonNull(examination, "a batch is examined").target()));
        trouble = null;
        examination = null;
    }

    /** The cursor over the delivery that is being read, or null. */
    @Nullable RecordCursor cursor() {
        return cursor;
    }

    /** The next delivery, or null. */
    @Nullable Delivery head() {
        return queue.head();
    }

    /** The batch that is examined, or null. */
    @Nullable BatchExamination examination() {
        return examination;
    }

    /** Examines a batch, until the position is moved otherwise. Called after {@link #restart}. */
    void examine(BatchExamination next) {
        examination = next;
    }

    /** Whether the offset behind a batch is fetched, and the position stays before it. */
    boolean isProbing() {
        return examination != null && examination.isProbing();
    }

    /** Keeps the current record, which could not be taken. It comes again, and the position stays before it. */
    void keep(Throwable cause) {
        trouble = cause;
    }

    private void closeCursor() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
        atRecord = false;
    }
}
