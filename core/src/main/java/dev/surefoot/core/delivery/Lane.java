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
 * One partition's fetched data on its way to the application, and its consumed position. What arrives takes effect in order,
 * each thing when the application gets to it. Owned by the application's thread.
 */
final class Lane {
    private final TopicPartition partition;
    private final ReadAhead readAhead;
    private final ReadingListener listener;
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
    /** What was taken of the delivery that is being read. */
    private int recordsTaken;

    private long bytesTaken;
    /** Whether the position or the watermarks have changed since the last call of {@link #tellChange}. */
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

    /** Whether the data here cannot move on until the application does something, while it holds memory. */
    boolean blocked() {
        return (paused || stuck) && !queue.isEmpty();
    }

    /**
     * Whether fetching from the consumed position again would bring just what is here. A position that was replaced, or a
     * failure, stands for something that the loop has settled and would not come to again: that a topic was created anew, say.
     */
    boolean canBeFetchedAgain() {
        return queue.stream().allMatch(Delivery.Records.class::isInstance);
    }

    /** The topic that the consumed position is in, or zero for that of the generation's beginning. */
    Uuid topicId() {
        return topicId;
    }

    /** Takes in what the loop has delivered; what is of an older generation is dropped. */
    void offer(Delivery delivery) {
        if (delivery.generation() != generation) {
            drop(delivery);
            return;
        }
        if (delivery instanceof Delivery.Marks marks) {
            watermarks = marks.watermarks();
            return;
        }
        if (delivery instanceof Delivery.Records records) {
            watermarks = records.watermarks();
            aheads.add(paused ? BatchesAhead.NONE : readAhead.begin(records));
        }
        boolean repeatsFailure = delivery instanceof Delivery.Failure failure
                && !failure.lasting()
                && queue.peekLast() instanceof Delivery.Failure;
        if (!repeatsFailure) {
            queue.add(delivery);
        }
        takePositions();
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
        if (queue.peek() instanceof Delivery.Records reading) {
            queue.remove();
            end(reading);
        }
        queue.forEach(this::drop);
        queue.clear();
    }

    private void drop(Delivery delivery) {
        if (delivery instanceof Delivery.Records records) {
            release(records, 0, 0);
        }
    }

    /** Lets go of what is being read. */
    private void end(Delivery.Records records) {
        release(records, recordsTaken, bytesTaken);
        recordsTaken = 0;
        bytesTaken = 0;
    }

    private void release(Delivery.Records records, int recordsRead, long bytesRead) {
        records.lease().release();
        if (records.answer().endDelivery(partition.topic(), recordsRead, bytesRead)) {
            listener.answerRead(records.answer());
        }
    }

    /**
     * Notes that the position or the watermarks have changed.
     *
     * @param byReading whether because the application has read on
     * @return whether it is the first change since the last call of {@link #tellChange}
     */
    boolean change(boolean byReading) {
        boolean first = !changed;
        changed = true;
        read |= byReading;
        return first;
    }

    /** Tells the listener where the application is and what is known of the log. */
    void tellChange() {
        listener.changed(partition, position(), watermarks, read);
        changed = false;
        read = false;
    }

    private void takePositions() {
        while (queue.peek() instanceof Delivery.Positioned next) {
            queue.remove();
            moveTo(next.position());
            topicId = next.topicId();
        }
    }

    /** Whether the application has got to a failure. */
    boolean failed() {
        return queue.peek() instanceof Delivery.Failure;
    }

    /** The failure that the application has got to; one that does not last is taken out by this call. */
    KafkaException failure() {
        Delivery.Failure failure = (Delivery.Failure) queue.element();
        if (!failure.lasting()) {
            queue.remove();
            takePositions();
        }
        return failure.cause();
    }

    /**
     * Where the application reads now; opens what was fetched if it has just got there.
     *
     * @throws KafkaException if the data cannot be opened; the lane stays where it is
     */
    RecordCursor reading(boolean readCommitted, boolean checkCrcs, Decompressor decompressor) {
        RecordCursor open = cursor;
        return open != null ? open : open((Delivery.Records) queue.element(), readCommitted, checkCrcs, decompressor);
    }

    /**
     * Moves to the next record of what is being read. After {@link #keep} the same record is moved to again.
     *
     * @return false when there are no more, and what was read has been let go of, or when the cursor has paused
     * @throws KafkaException if the data is malformed; the lane stays where it is
     */
    boolean next(RecordCursor open) {
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
     * Lets go of what was read if there is nothing left of it; otherwise its memory would be kept until the application polls
     * again. A new position that stands behind it takes effect only then, so what is before that stays as well.
     *
     * @return whether it was let go of
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
        return rest.hasNext() && rest.next() instanceof Delivery.Positioned;
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
        end(records);
        takePositions();
    }

    /**
     * The current record has been taken by the application: the position moves behind it, unless taking it has moved the
     * position elsewhere.
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
