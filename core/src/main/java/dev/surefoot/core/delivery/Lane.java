package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.BatchesAhead;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One partition's fetched data on its way to the application, and its consumed position. What arrives takes effect in
 * order, each thing when the application gets to it. Owned by the application's thread.
 */
final class Lane {
    private final TopicPartition partition;
    private final ReadAhead readAhead;
    private final ReadingListener listener;
    private final Arrivals arrivals = new Arrivals();
    /** Records, positions and failures, in the order in which they take effect. */
    private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
    /** For each delivery of records in the queue, in the same order. */
    private final ArrayDeque<BatchesAhead> aheads = new ArrayDeque<>();

    private long generation;
    private boolean positioned;
    private long offset;
    private int offsetEpoch;
    private Watermarks watermarks = Watermarks.UNKNOWN;
    private boolean paused;
    private @Nullable RecordCursor cursor;
    private boolean atRecord;
    private boolean stuck;
    /** How many records were taken of the delivery that is being read. */
    private int recordsTaken;

    private long bytesTaken;
    /** Whether the position or the watermarks have changed since the last call of {@link #reportChange}. */
    private boolean changed;
    /** Whether the application has read on since then. */
    private boolean read;
    /** The topic that the position is in, or zero for that of the generation's beginning. */
    private Uuid topicId = Uuid.ZERO_UUID;

    Lane(TopicPartition partition, long generation, ReadAhead readAhead, ReadingListener listener) {
        this.partition = partition;
        this.readAhead = readAhead;
        this.listener = listener;
        this.generation = generation;
    }

    TopicPartition partition() {
        return partition;
    }

    long generation() {
        return generation;
    }

    /** The offset of the next record for the application, or null while it is being looked up. */
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

    void pause(boolean pause) {
        paused = pause;
        if (pause) {
            // Decompressed batches must not take up the room that those of other partitions need.
            aheads.forEach(BatchesAhead::release);
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Whether there is something for the application to read, or why not. */
    LaneReadiness readiness() {
        if (paused) {
            return LaneReadiness.PAUSED;
        }
        Delivery next = queue.peek();
        if (next == null) {
            return positioned ? LaneReadiness.EMPTY : LaneReadiness.UNPOSITIONED;
        }
        if (next.kind() == Delivery.Kind.FAILURE) {
            return ((Delivery.Failure) next).lasting() ? LaneReadiness.HALTED : LaneReadiness.FAILED;
        }
        return stuck ? LaneReadiness.RECORD_FAILED : LaneReadiness.READY;
    }

    /** Whether the data here cannot move on until the application does something, while it holds memory. */
    boolean blocked() {
        return (paused || stuck) && !queue.isEmpty();
    }

    /**
     * Whether fetching from the consumed position again would bring just what is here. A position that was replaced, or
     * a failure, stands for something that the loop has decided and would not come to again: that a topic was created
     * anew, say.
     */
    boolean canBeFetchedAgain() {
        return queue.stream().allMatch(delivery -> delivery.kind() == Delivery.Kind.RECORDS);
    }

    /** The topic that the consumed position is in, or zero for that of the generation's beginning. */
    Uuid topicId() {
        return topicId;
    }

    /** Takes in what the loop has delivered; what is of an older generation is dropped. */
    void offer(Delivery delivery) {
        if (delivery.generation() != generation) {
            releaseUnread(delivery, listener);
            return;
        }
        delivery.accept(arrivals);
        takePositions();
    }

    /** What becomes of a delivery of the present generation. */
    private final class Arrivals implements Delivery.Visitor {
        @Override
        public void records(Delivery.Records records) {
            watermarks = records.watermarks();
            aheads.add(paused ? BatchesAhead.NONE : readAhead.begin(records));
            queue.add(records);
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
            Delivery last = queue.peekLast();
            boolean repeated = last != null && last.kind() == Delivery.Kind.FAILURE;
            if (failure.lasting() || !repeated) {
                queue.add(failure);
            }
        }
    }

    /** Moves the position and drops everything of the generation before, the data that is being read included. */
    void restart(long newGeneration, @Nullable FetchPosition newPosition) {
        generation = newGeneration;
        moveTo(newPosition);
        topicId = Uuid.ZERO_UUID;
        stuck = false;
        closeCursor();
        aheads.forEach(BatchesAhead::release);
        aheads.clear();
        if (headIs(Delivery.Kind.RECORDS)) {
            releaseRead((Delivery.Records) queue.remove());
        }
        queue.forEach(delivery -> releaseUnread(delivery, listener));
        queue.clear();
    }

    private boolean headIs(Delivery.Kind kind) {
        Delivery head = queue.peek();
        return head != null && head.kind() == kind;
    }

    /** Releases the memory of a delivery, if it has any, of which nothing was read. */
    static void releaseUnread(Delivery delivery, ReadingListener listener) {
        if (delivery.kind() == Delivery.Kind.RECORDS) {
            release((Delivery.Records) delivery, 0, 0, listener);
        }
    }

    /** Releases the memory of what is being read. */
    private void releaseRead(Delivery.Records records) {
        release(records, recordsTaken, bytesTaken, listener);
        recordsTaken = 0;
        bytesTaken = 0;
    }

    private static void release(Delivery.Records records, int recordsRead, long bytesRead, ReadingListener listener) {
        records.lease().release();
        if (records.answer().endDelivery(records.partition().topic(), recordsRead, bytesRead)) {
            listener.answerRead(records.answer());
        }
    }

    /**
     * Notes that the position or the watermarks have changed.
     *
     * @param byReading whether because the application has read on
     * @return whether it is the first change since the last call of {@link #reportChange}
     */
    boolean markChanged(boolean byReading) {
        boolean first = !changed;
        changed = true;
        read |= byReading;
        return first;
    }

    /** Tells the listener where the application is and what is known of the log. */
    void reportChange() {
        listener.changed(partition, position(), watermarks, read);
        changed = false;
        read = false;
    }

    private void takePositions() {
        while (headIs(Delivery.Kind.POSITIONED)) {
            Delivery.Positioned next = (Delivery.Positioned) queue.remove();
            moveTo(next.position());
            topicId = next.topicId();
        }
    }

    /** Whether the application has got to a failure. */
    boolean failed() {
        return headIs(Delivery.Kind.FAILURE);
    }

    /** The failure that the application has got to. */
    KafkaException failure() {
        return ((Delivery.Failure) queue.element()).cause();
    }

    /** The application is told the failure that it has got to: one that does not last is over. */
    void endPassingFailure() {
        if (!((Delivery.Failure) queue.element()).lasting()) {
            queue.remove();
            takePositions();
        }
    }

    /**
     * Where the application reads now; opens what was fetched if it has just got there.
     *
     * @throws KafkaException if the data cannot be opened; the lane stays where it is
     */
    RecordCursor openCursor(boolean readCommitted, boolean checkCrcs, Decompressor decompressor) {
        RecordCursor open = cursor;
        return open != null ? open : open((Delivery.Records) queue.element(), readCommitted, checkCrcs, decompressor);
    }

    /**
     * Moves to the next record of what is being read. After {@link #keep} the same record is moved to again.
     *
     * @return false when there are no more, and what was read has been released, or when the cursor has paused
     * @throws KafkaException if the data is malformed; the lane stays where it is
     */
    boolean moveToNext(RecordCursor open) {
        if (atRecord) {
            return true;
        }
        stuck = true;
        atRecord = open.next();
        stuck = false;
        if (!atRecord && !open.hasPaused()) {
            finish((Delivery.Records) queue.element(), open);
        }
        return atRecord;
    }

    /**
     * Releases what was read if there is nothing left of it; otherwise its memory would be kept until the application
     * polls again. A new position that stands behind it takes effect only then, so what is before that stays as well.
     *
     * @return whether it was released
     */
    @SuppressWarnings("ReferenceEquality") // another cursor reads something else, whatever it holds
    boolean finishIfRead(RecordCursor open) {
        if (cursor != open || atRecord || open.mayHaveMore() || isBeforePosition()) {
            return false;
        }
        finish((Delivery.Records) queue.element(), open);
        return true;
    }

    private boolean isBeforePosition() {
        Iterator<Delivery> rest = queue.iterator();
        rest.next();
        return rest.hasNext() && rest.next().kind() == Delivery.Kind.POSITIONED;
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
                aheads.element());
        cursor = opened;
        return opened;
    }

    private void finish(Delivery.Records records, RecordCursor open) {
        offset = records.nextOffset();
        rememberEpoch(open.lastEpoch());
        closeCursor();
        aheads.remove().release();
        queue.remove();
        releaseRead(records);
        takePositions();
    }

    /**
     * The current record has been taken by the application: the position moves behind it, unless taking it has moved
     * the position elsewhere.
     *
     * @param bytes how large the record is, asked before it was taken
     * @return whether reading may go on
     */
    @SuppressWarnings("ReferenceEquality") // another cursor reads something else, whatever it holds
    boolean take(RecordCursor open, int bytes) {
        if (cursor != open) {
            return false;
        }
        recordsTaken++;
        bytesTaken += bytes;
        offset = open.nextOffset();
        rememberEpoch(open.leaderEpoch());
        atRecord = false;
        stuck = false;
        return !paused;
    }

    private void rememberEpoch(int epoch) {
        if (epoch >= 0) {
            offsetEpoch = epoch;
        }
    }

    /** The current record could not be taken: it comes again, and the position stays before it. */
    void keep() {
        stuck = true;
    }

    private void closeCursor() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
        atRecord = false;
    }
}
