package dev.surefoot;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record in the memory that it was received in, or that its batch was decompressed into. Its methods have the names
 * and types of {@link ConsumerRecord}'s, except that keys, values and headers are buffers. Nothing is copied and no
 * object is made, except by {@link #headers}.
 *
 * <p><b>How long it is valid.</b> Until the {@link RecordVisitor} that it is shown to returns. The consumer then uses
 * the same object for the next record, and the memory for other data. Once {@code poll} has returned, every method but
 * {@code toString} throws {@link IllegalStateException}. Copy what is to be kept:
 *
 * <pre>{@code
 * ByteBuffer value = record.value();
 * byte[] copy = new byte[value.remaining()];
 * value.get(copy);
 * }</pre>
 *
 * <p><b>Buffers.</b> The bytes are those from position to limit. Buffers are read-only and big-endian. {@link #key}
 * always returns the same buffer, set anew to the key of the current record, and {@link #value} another one. A header's
 * buffers are valid until the action that they are given to returns, or until the next call of a method for headers.
 *
 * <p><b>Threads.</b> Only the thread that polls may use it, within {@link RecordVisitor#visit}.
 *
 * <p>Programs use this interface and do not implement it: a later version may add methods. A test makes records with
 * {@link #of}.
 */
public interface ReceivedRecord {
    /** The topic of the record's partition. The string may be kept. */
    String topic();

    /** The number of the record's partition, 0 or more. */
    int partition();

    /** The record's topic and partition number. The object may be kept. */
    TopicPartition topicPartition();

    /** The record's offset in its partition, 0 or more. */
    long offset();

    /** Milliseconds since the epoch, or {@link ConsumerRecord#NO_TIMESTAMP} if the record has no timestamp. */
    long timestamp();

    /** Which clock {@link #timestamp} was read from: the producer's or the broker's (KIP-32). */
    TimestampType timestampType();

    /** The leader epoch under which the record was written, or empty if the broker did not say. */
    Optional<Integer> leaderEpoch();

    /** The key's bytes, or null if the record has no key. */
    @Nullable ByteBuffer key();

    /** The size of the key in bytes, or {@link ConsumerRecord#NULL_SIZE} if the record has no key. */
    int serializedKeySize();

    /** The value's bytes, or null if the record has no value. */
    @Nullable ByteBuffer value();

    /** The size of the value in bytes, or {@link ConsumerRecord#NULL_SIZE} if the record has no value. */
    int serializedValueSize();

    /** How many headers the record has, 0 or more. */
    int headerCount();

    /**
     * Shows the headers in the order in which they were written. If the action moves or unassigns the record's
     * partition, the headers that follow are not shown.
     *
     * @param action takes the key, in UTF-8, and the value, or null if the header has no value
     */
    void forEachHeader(BiConsumer<ByteBuffer, @Nullable ByteBuffer> action);

    /**
     * Shows the values of the headers with this key, in the order in which they were written. If the action moves or
     * unassigns the record's partition, the headers that follow are not shown.
     *
     * @param key compared with the written keys byte by byte, in UTF-8
     * @param action takes the value, or null if the header has no value
     */
    void forEachHeader(String key, Consumer<@Nullable ByteBuffer> action);

    /**
     * Whether the record has a header with this key. It tells a header without a value from none at all.
     *
     * @param key compared with the written keys byte by byte, in UTF-8
     */
    boolean hasHeader(String key);

    /**
     * The value of the last header with this key, or null if that header has no value, or if there is no such header.
     *
     * @param key compared with the written keys byte by byte, in UTF-8
     */
    @Nullable ByteBuffer lastHeaderValue(String key);

    /**
     * Returns the headers as {@link ConsumerRecord#headers} does. Each call decodes and copies them. The result may be
     * kept and changed; a change does not affect the record.
     */
    Headers headers();

    /**
     * Makes a record for a test of a {@link RecordVisitor}. Unlike a record from a consumer, it stays valid.
     *
     * @param record the content of the new record. Its arrays are not copied and must not be changed. The serialized
     *     sizes are taken from the arrays
     * @return a record that is safe from any thread
     */
    static ReceivedRecord of(ConsumerRecord<byte[], byte[]> record) {
        return new GivenRecord(record);
    }
}
