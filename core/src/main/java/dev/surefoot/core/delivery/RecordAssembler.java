package dev.surefoot.core.delivery;

import dev.surefoot.core.records.ArrayWindow;
import dev.surefoot.core.records.KafkaHeaders;
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
 * Makes {@code ConsumerRecord}s with an application's deserializers. Owned by the application's thread.
 *
 * <p>A deserializer that takes a {@code ByteBuffer} (KIP-863) gets one. Kafka's own ones that keep no reference to it
 * get a window that is used again for the next record. Any other deserializer gets a copy, as it may keep the bytes.
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

    /** The headers for deserializers that are known to read none. */
    private static final Headers UNREAD = KafkaHeaders.none();

    private final Part<K> key;
    private final Part<V> value;
    private final boolean headersAreRead;
    private int lastEpoch = -1;
    private Optional<Integer> lastEpochAsOptional = Optional.empty();

    public RecordAssembler(Deserializer<K> key, Deserializer<V> value) {
        this.key = new Part<>(key);
        this.value = new Part<>(value);
        this.headersAreRead = this.key.readsHeaders || this.value.readsHeaders;
    }

    /**
     * Makes a record of the one that the cursor is at.
     *
     * @throws RecordDeserializationException if a deserializer throws; the exception has the raw bytes (KIP-1036)
     */
    public ConsumerRecord<K, V> assemble(TopicPartition partition, RecordCursor cursor) {
        if (headersAreRead) {
            return withHeadersDecoded(partition, cursor);
        }
        return new FetchedRecord<>(
                partition.topic(),
                partition.partition(),
                cursor.offset(),
                cursor.timestamp(),
                cursor.timestampType(),
                cursor.keySize(),
                cursor.valueSize(),
                key(partition, cursor, UNREAD),
                value(partition, cursor, UNREAD),
                cursor.headers(),
                leaderEpoch(cursor.leaderEpoch()));
    }

    private ConsumerRecord<K, V> withHeadersDecoded(TopicPartition partition, RecordCursor cursor) {
        Headers headers = cursor.headers().decode();
        K decodedKey = key(partition, cursor, headers);
        V decodedValue = value(partition, cursor, headers);
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
                leaderEpoch(cursor.leaderEpoch()));
    }

    private Optional<Integer> leaderEpoch(int epoch) {
        if (epoch != lastEpoch) {
            lastEpoch = epoch;
            lastEpochAsOptional = epoch < 0 ? Optional.empty() : Optional.of(epoch);
        }
        return lastEpochAsOptional;
    }

    @SuppressWarnings("NullAway") // a record without a key has null there, as in Kafka's own consumer
    private K key(TopicPartition partition, RecordCursor cursor, Headers headers) {
        try {
            return cursor.keySize() < 0 ? null : key.ofKey(partition.topic(), headers, cursor);
        } catch (Exception e) { // a deserializer may throw checked ones, too
            throw failed(DeserializationExceptionOrigin.KEY, partition, cursor, headers, e);
        }
    }

    @SuppressWarnings("NullAway") // a record without a value has null there, as in Kafka's own consumer
    private V value(TopicPartition partition, RecordCursor cursor, Headers headers) {
        try {
            return cursor.valueSize() < 0 ? null : value.ofValue(partition.topic(), headers, cursor);
        } catch (Exception e) { // a deserializer may throw checked ones, too
            throw failed(DeserializationExceptionOrigin.VALUE, partition, cursor, headers, e);
        }
    }

    private RecordDeserializationException failed(
            DeserializationExceptionOrigin origin,
            TopicPartition partition,
            RecordCursor cursor,
            Headers headers,
            Exception cause) {
        return new RecordDeserializationException(
                origin,
                partition,
                cursor.offset(),
                cursor.timestamp(),
                cursor.timestampType(),
                wrapped(cursor.keyBytes()),
                wrapped(cursor.valueBytes()),
                headersAreRead ? headers : cursor.headers().decode(),
                "Error deserializing " + origin + " for partition " + partition + " at offset " + cursor.offset()
                        + ". If needed, please seek past the record to continue consumption.",
                cause);
    }

    @SuppressWarnings("NullAway") // the exception takes null for what the record does not have
    private static ByteBuffer wrapped(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    /** One deserializer, and the form in which it gets its bytes. */
    private static final class Part<T> {
        private enum Form {
            /** A window that is moved to the next record. */
            PASSING_WINDOW,
            OWN_BUFFER,
            ARRAY
        }

        private final Deserializer<T> deserializer;
        private final Form form;
        final boolean readsHeaders;
        private final ArrayWindow window = new ArrayWindow();

        Part(Deserializer<T> deserializer) {
            this.deserializer = deserializer;
            Class<?> type = deserializer.getClass();
            this.form = formFor(type);
            this.readsHeaders = type != ByteArrayDeserializer.class
                    && !KEEP_NOTHING.contains(type)
                    && (takes(byte[].class, type) || takes(ByteBuffer.class, type));
        }

        private static Form formFor(Class<?> type) {
            if (KEEP_NOTHING.contains(type)) {
                return Form.PASSING_WINDOW;
            }
            return type != ByteArrayDeserializer.class && takes(ByteBuffer.class, type) ? Form.OWN_BUFFER : Form.ARRAY;
        }

        /**
         * Whether a deserializer overrides the method that takes headers and bytes in this form. The inherited method
         * ignores headers.
         */
        private static boolean takes(Class<?> bytes, Class<?> type) {
            try {
                Class<?> declaring = type.getMethod("deserialize", String.class, Headers.class, bytes)
                        .getDeclaringClass();
                return declaring != Deserializer.class;
            } catch (NoSuchMethodException e) {
                return false;
            }
        }

        @SuppressWarnings("NullAway") // only called for a record that has a key
        T ofKey(String topic, Headers headers, RecordCursor cursor) {
            return switch (form) {
                case PASSING_WINDOW -> deserializer.deserialize(topic, headers, cursor.key(window));
                case OWN_BUFFER -> deserializer.deserialize(topic, headers, ByteBuffer.wrap(cursor.keyBytes()));
                case ARRAY -> deserializer.deserialize(topic, headers, cursor.keyBytes());
            };
        }

        @SuppressWarnings("NullAway") // only called for a record that has a value
        T ofValue(String topic, Headers headers, RecordCursor cursor) {
            return switch (form) {
                case PASSING_WINDOW -> deserializer.deserialize(topic, headers, cursor.value(window));
                case OWN_BUFFER -> deserializer.deserialize(topic, headers, ByteBuffer.wrap(cursor.valueBytes()));
                case ARRAY -> deserializer.deserialize(topic, headers, cursor.valueBytes());
            };
        }
    }
}
