package dev.surefoot;

/** What {@link SurefootConsumer#poll(java.time.Duration, RecordVisitor)} shows each record to. */
@FunctionalInterface
public interface RecordVisitor {
    /**
     * Looks at one record, on the thread that polls. When it returns, the record counts as consumed: the position of its
     * partition is behind it.
     *
     * <p>It may use the consumer: to pause or resume, to seek, to change the assignment. If it moves or pauses the partition
     * of this record, its next records are not shown; the bytes of this one must then no longer be looked at.
     *
     * @param record valid until this method returns; the same object is used for the next record
     * @throws RuntimeException whatever it throws leaves {@code poll}; the position stays before this record, which is shown
     *     again by the next {@code poll}
     */
    void visit(ReceivedRecord record);
}
