package dev.surefoot;

/**
 * Looks at records in the memory that they were received in. {@link SurefootConsumer#poll(java.time.Duration,
 * RecordVisitor)} calls it for each record, on the thread that polls.
 *
 * <pre>{@code
 * consumer.poll(timeout, record -> {
 *     index.add(record.partition(), record.offset(), record.value());
 *     return index.isFull() ? Result.STOP : Result.CONTINUE;
 * });
 * }</pre>
 *
 * <p>A unit test calls it with {@link ReceivedRecord#of}; neither a consumer nor a broker is needed.
 */
@FunctionalInterface
public interface RecordVisitor {
    /** What {@code poll} does after a record. Either way that record is consumed. */
    enum Result {
        /** Shows the next record, if there is one in memory and {@code max.poll.records} were not shown yet. */
        CONTINUE,
        /** Shows no more records: {@code poll} returns. The next {@code poll} begins with the next record. */
        STOP
    }

    /**
     * Looks at one record. When it returns, the record is consumed: the position of its partition is behind it.
     *
     * <p>It may use the consumer: to pause or resume, to seek, to change the assignment. If it pauses, moves or
     * unassigns the partition of this record, the partition's next records are not shown. If it moves or unassigns it,
     * nothing but the record's topic and partition may be read any more: the other methods throw, and buffers that they
     * gave before must not be read. It must not call {@code poll}, which throws, or {@code close}.
     *
     * @param record valid until this method returns; the same object is used for the next record
     * @return whether to go on, never null
     * @throws RuntimeException anything it throws leaves {@code poll} as it is. The position stays before this record,
     *     which the next {@code poll} shows again
     */
    Result visit(ReceivedRecord record);
}
