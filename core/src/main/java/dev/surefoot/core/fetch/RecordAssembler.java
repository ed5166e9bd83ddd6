package dev.surefoot.core.fetch;

import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.DoubleDeserializer;
import org.apache.kafka.common.serialization.FloatDeserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.ShortDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.UUIDDeserializer;
import org.apache.kafka.common.serialization.VoidDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records that an application sees. Owned by the application's thread.
 *
 * <p>A deserializer that takes a {@code ByteBuffer} (KIP-863) gets one. Only Kafka's own ones that are known to keep nothing of
 * it get the receive buffer itself; any other gets a copy, as the buffer is used again once the record has been taken.
 */
public final class RecordAssembler<K, V> {
    private static final Set<Class<?>> KEEP_NOTHING = Set.of(
            StringDeserializer.class,
            IntegerDeserializer.class,
            LongDeserializer.class,
            ShortDeserializer.class,
            FloatDeserializer.class,
            DoubleDeserializer.class,
            UUIDDeserializer.class,
            VoidDeserializer.class);

    private final Part<K> key;
    private final Part<V> value;

    public RecordAssembler(Deserializer<K> key, Deserializer<V> value) {
        this.key = new Part<>(key);
        this.value = new Part<>(value);
    }

    /**
     * Makes a record of the one the cursor is at.
     *
     * @throws RecordDeserializationException if a deserializer throws; it carries the raw bytes (KIP-1036)
     */
    public ConsumerRecord<K, V> assemble(TopicPartition partition, RecordCursor cursor) {
        Headers headers = new DecodedHeaders(cursor.headers());
        K decodedKey = decode(key, cursor.key(), DeserializationExceptionOrigin.KEY, partition, cursor, headers);
        V decodedValue =
                decode(value, cursor.value(), DeserializationExceptionOrigin.VALUE, partition, cursor, headers);
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                cursor.offset(),
                cursor.timestamp(),
                cursor.timestampType(),
                cursor.keySize(),
                cursor.valueSize(),
                decodedKey,
                decodedValue,
                headers,
                cursor.leaderEpoch() < 0 ? Optional.empty() : Optional.of(cursor.leaderEpoch()));
    }

    @SuppressWarnings("NullAway") // a record without a key or value has null there, as in Kafka's own consumer
    private static <T> T decode(
            Part<T> part,
            @Nullable ByteBuffer bytes,
            DeserializationExceptionOrigin origin,
            TopicPartition partition,
            RecordCursor cursor,
            Headers headers) {
        try {
            return bytes == null ? null : part.decode(partition.topic(), headers, bytes);
        } catch (RuntimeException e) {
            throw new RecordDeserializationException(
                    origin,
                    partition,
                    cursor.offset(),
                    cursor.timestamp(),
                    cursor.timestampType(),
                    copyOf(cursor.key()),
                    copyOf(cursor.value()),
                    headers,
                    "Error deserializing " + origin + " for partition " + partition + " at offset " + cursor.offset()
                            + ". If needed, please seek past the record to continue consumption.",
                    e);
        }
    }

    @SuppressWarnings("NullAway") // the exception takes null for what the record does not have
    private static ByteBuffer copyOf(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytesOf(bytes));
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** One deserializer, and in which form it is given its bytes. */
    private static final class Part<T> {
        private enum Form {
            RECEIVE_BUFFER,
            COPIED_BUFFER,
            ARRAY
        }

        private final Deserializer<T> deserializer;
        private final Form form;

        Part(Deserializer<T> deserializer) {
            this.deserializer = deserializer;
            this.form = formFor(deserializer.getClass());
        }

        private static Form formFor(Class<?> type) {
            if (KEEP_NOTHING.contains(type)) {
                return Form.RECEIVE_BUFFER;
            }
            return type != ByteArrayDeserializer.class && takesBuffer(type) ? Form.COPIED_BUFFER : Form.ARRAY;
        }

        private static boolean takesBuffer(Class<?> type) {
            try {
                Class<?> declaring = type.getMethod("deserialize", String.class, Headers.class, ByteBuffer.class)
                        .getDeclaringClass();
                return declaring != Deserializer.class;
            } catch (NoSuchMethodException e) {
                return false;
            }
        }

        T decode(String topic, Headers headers, ByteBuffer bytes) {
            return switch (form) {
                case RECEIVE_BUFFER -> deserializer.deserialize(topic, headers, bytes);
                case COPIED_BUFFER -> deserializer.deserialize(topic, headers, ByteBuffer.wrap(bytesOf(bytes)));
                case ARRAY -> deserializer.deserialize(topic, headers, bytesOf(bytes));
            };
        }
    }
}
