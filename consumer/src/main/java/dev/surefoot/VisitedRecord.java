package dev.surefoot;

import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * The records of one visit, one after another. {@link #showTo} moves it to a record and calls the visitor;
 * {@link #expire} ends the visit. Owned by the thread that polls.
 */
final class VisitedRecord implements ReceivedRecord {
    private @Nullable TopicPartition partition;
    private @Nullable RecordCursor cursor;
    private int lastEpoch = -1;
    private Optional<Integer> lastEpochAsOptional = Optional.empty();

    /**
     * Shows the visitor the record that a cursor is at.
     *
     * @return whether to show the visitor more records
     * @throws IllegalStateException if the visitor returns null
     */
    boolean showTo(RecordVisitor visitor, TopicPartition ofPartition, RecordCursor atRecord) {
        partition = ofPartition;
        cursor = atRecord;
        RecordVisitor.@Nullable Result result = visitor.visit(this);
        if (result == null) {
            throw new IllegalStateException("The visitor returned null; it has to return CONTINUE or STOP.");
        }
        return result == RecordVisitor.Result.CONTINUE;
    }

    /** Ends the visit: from now on the methods of a record that the visitor kept throw. */
    void expire() {
        partition = null;
        cursor = null;
    }

    private RecordCursor cursor() {
        RecordCursor at = cursor;
        if (at == null || !at.isAtRecord()) {
            throw expired();
        }
        return at;
    }

    private static IllegalStateException expired() {
        return new IllegalStateException("This record is no longer valid: the visitor that it was shown to has"
                + " returned, or has moved its partition; copy what is to be kept.");
    }

    @Override
    public TopicPartition topicPartition() {
        TopicPartition of = partition;
        if (of == null) {
            throw expired();
        }
        return of;
    }

    @Override
    public String topic() {
        return topicPartition().topic();
    }

    @Override
    public int partition() {
        return topicPartition().partition();
    }

    @Override
    public long offset() {
        return cursor().offset();
    }

    @Override
    public long timestamp() {
        return cursor().timestamp();
    }

    @Override
    public TimestampType timestampType() {
        return cursor().timestampType();
    }

    /** Kept per epoch, so that no object is made for a record. */
    @Override
    public Optional<Integer> leaderEpoch() {
        int epoch = cursor().leaderEpoch();
        if (epoch != lastEpoch) {
            lastEpoch = epoch;
            lastEpochAsOptional = epoch < 0 ? Optional.empty() : Optional.of(epoch);
        }
        return lastEpochAsOptional;
    }

    @Override
    public @Nullable ByteBuffer key() {
        return cursor().key();
    }

    @Override
    public int serializedKeySize() {
        return cursor().keySize();
    }

    @Override
    public @Nullable ByteBuffer value() {
        return cursor().value();
    }

    @Override
    public int serializedValueSize() {
        return cursor().valueSize();
    }

    @Override
    public int headerCount() {
        return cursor().headerCount();
    }

    @Override
    @SuppressWarnings("NullAway") // javac 17 does not read annotations within type arguments from class files
    public void forEachHeader(BiConsumer<ByteBuffer, @Nullable ByteBuffer> action) {
        cursor().headersInPlace().each(action);
    }

    @Override
    @SuppressWarnings("NullAway") // javac 17 does not read annotations within type arguments from class files
    public void forEachHeader(String key, Consumer<@Nullable ByteBuffer> action) {
        cursor().headersInPlace().each(key, action);
    }

    @Override
    public boolean hasHeader(String key) {
        return cursor().headersInPlace().contains(key);
    }

    @Override
    public @Nullable ByteBuffer lastHeaderValue(String key) {
        return cursor().headersInPlace().lastValue(key);
    }

    @Override
    public Headers headers() {
        return cursor().headers().decode();
    }

    @Override
    public String toString() {
        RecordCursor at = cursor;
        return at == null || !at.isAtRecord() ? "ReceivedRecord(no longer valid)" : text(this);
    }

    /** Returns the record's partition, offset and sizes as text, without its bytes. */
    static String text(ReceivedRecord record) {
        return "ReceivedRecord(topic = " + record.topic()
                + ", partition = " + record.partition()
                + ", leaderEpoch = " + record.leaderEpoch().map(String::valueOf).orElse("unknown")
                + ", offset = " + record.offset()
                + ", " + record.timestampType() + " = " + record.timestamp()
                + ", key bytes = " + record.serializedKeySize()
                + ", value bytes = " + record.serializedValueSize()
                + ", headers = " + record.headerCount() + ")";
    }
}
