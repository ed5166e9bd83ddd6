package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.records.BatchesAhead;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of one partition that the application has not read to their end: records, positions and failures, in
 * the order in which they take effect, and the batches of the records that are decompressed ahead. Owned by the
 * application's thread.
 */
final class DeliveryQueue {
    private final ReadingListener listener;
    private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
    /** One for each delivery of records in the queue, in the same order. */
    private final ArrayDeque<BatchesAhead> aheads = new ArrayDeque<>();

    /** @param listener learns of fetch answers that were read */
    DeliveryQueue(ReadingListener listener) {
        this.listener = listener;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** The next delivery, or null. */
    @Nullable Delivery head() {
        return queue.peek();
    }

    boolean headIs(Delivery.Kind kind) {
        Delivery head = queue.peek();
        return head != null && head.kind() == kind;
    }

    /** The next delivery, which must be one of records. */
    Delivery.Records records() {
        return (Delivery.Records) queue.element();
    }

    /** The next delivery, which must be a failure. */
    Delivery.Failure failure() {
        return (Delivery.Failure) queue.element();
    }

    /** The batches of the next delivery, which must be one of records, that are decompressed ahead. */
    BatchesAhead ahead() {
        return aheads.element();
    }

    /** Whether all deliveries are records. */
    boolean hasRecordsOnly() {
        return queue.stream().allMatch(delivery -> delivery.kind() == Delivery.Kind.RECORDS);
    }

    /** Whether the delivery after the next one is a position. */
    boolean positionFollows() {
        Iterator<Delivery> rest = queue.iterator();
        rest.next();
        return rest.hasNext() && rest.next().kind() == Delivery.Kind.POSITIONED;
    }

    void add(Delivery.Records records, BatchesAhead ahead) {
        aheads.add(ahead);
        queue.add(records);
    }

    void add(Delivery.Positioned position) {
        queue.add(position);
    }

    /** Adds a failure; one that passes and follows another failure says nothing new. */
    void add(Delivery.Failure failure) {
        Delivery last = queue.peekLast();
        boolean repeated = last != null && last.kind() == Delivery.Kind.FAILURE;
        if (failure.lasting() || !repeated) {
            queue.add(failure);
        }
    }

    /** Removes and returns the next delivery, which must be a position. */
    Delivery.Positioned removePosition() {
        return (Delivery.Positioned) queue.remove();
    }

    /** Removes the next delivery, which must be a failure. */
    void removeFailure() {
        queue.remove();
    }

    /** Removes and releases the next delivery, which must be one of records, of which so much was read. */
    void removeRecords(int recordsRead, long bytesRead) {
        aheads.remove().release();
        release((Delivery.Records) queue.remove(), recordsRead, bytesRead, listener);
    }

    /** Releases batches that are decompressed ahead; they are decompressed again when they are read. */
    void releaseAhead() {
        aheads.forEach(BatchesAhead::release);
    }

    /** Removes and releases all deliveries, of the first of which so much was read. */
    void clear(int recordsRead, long bytesRead) {
        releaseAhead();
        aheads.clear();
        if (headIs(Delivery.Kind.RECORDS)) {
            release((Delivery.Records) queue.remove(), recordsRead, bytesRead, listener);
        }
        queue.forEach(delivery -> releaseUnread(delivery, listener));
        queue.clear();
    }

    /** Releases the memory of a delivery of which nothing was read. */
    static void releaseUnread(Delivery delivery, ReadingListener listener) {
        if (delivery.kind() == Delivery.Kind.RECORDS) {
            release((Delivery.Records) delivery, 0, 0, listener);
        }
    }

    private static void release(Delivery.Records records, int recordsRead, long bytesRead, ReadingListener listener) {
        records.lease().release();
        if (records.answer().endDelivery(records.partition().topic(), recordsRead, bytesRead)) {
            listener.answerRead(records.answer());
        }
    }
}
