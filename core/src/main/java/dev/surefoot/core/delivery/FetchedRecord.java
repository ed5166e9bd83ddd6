package dev.surefoot.core.delivery;

import dev.surefoot.core.records.KafkaHeaders;
import dev.surefoot.core.records.RawHeaders;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record whose headers are decoded at the first call of {@link #headers}, so that most records need no header
 * objects. Code that has the record may change its headers, so each record has its own.
 *
 * <p>Several threads may read the headers at the same time; at worst each of them decodes them.
 */
final class FetchedRecord<K, V> extends ConsumerRecord<K, V> {
    /** The superclass requires headers, but its accessor is overridden, so these are never seen. */
    private static final Headers HIDDEN = KafkaHeaders.none();

    /** A final field is published safely, so a thread that reads this without a lock sees complete headers. */
    private record Decoded(Headers headers) {}

    /**
     * {@link RawHeaders} at first, {@link Decoded} after the first call. With one field, a racing thread sees one or
     * the other.
     */
    private Object content;

    FetchedRecord(
            String topic,
            int partition,
            long offset,
            long timestamp,
            TimestampType timestampType,
            int serializedKeySize,
            int serializedValueSize,
            K key,
            V value,
            RawHeaders headers,
            Optional<Integer> leaderEpoch) {
        super(
                topic,
                partition,
                offset,
                timestamp,
                timestampType,
                serializedKeySize,
                serializedValueSize,
                key,
                value,
                HIDDEN,
                leaderEpoch);
        this.content = headers;
    }

    @Override
    public Headers headers() {
        Object now = content;
        if (now instanceof RawHeaders raw) {
            Headers headers = raw.decode();
            content = new Decoded(headers);
            return headers;
        }
        return ((Decoded) now).headers();
    }

    /** The text of a {@code ConsumerRecord} with the present headers. */
    @Override
    public String toString() {
        return new ConsumerRecord<>(
                        topic(),
                        partition(),
                        offset(),
                        timestamp(),
                        timestampType(),
                        serializedKeySize(),
                        serializedValueSize(),
                        key(),
                        value(),
                        headers(),
                        leaderEpoch())
                .toString();
    }
}
