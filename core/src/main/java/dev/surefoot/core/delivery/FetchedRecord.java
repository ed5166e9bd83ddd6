package dev.surefoot.core.delivery;

import dev.surefoot.core.records.KafkaHeaders;
import dev.surefoot.core.records.RawHeaders;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record whose headers are decoded when somebody asks for them, which spares most records the objects. Whoever has
 * the record may add to its headers and remove from them, so each has some of its own.
 *
 * <p>Threads that only read the headers do not disturb each other: at worst each of them decodes.
 */
final class FetchedRecord<K, V> extends ConsumerRecord<K, V> {
    /** Nobody sees these: the superclass wants some, and its accessor is overridden. */
    private static final Headers HIDDEN = KafkaHeaders.none();

    /** Its final field lets a thread that finds the headers without a lock see every one of them. */
    private record Decoded(Headers headers) {}

    /** {@link RawHeaders} until somebody asks, {@link Decoded} from then on: one field, so that a race shows either. */
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

    /** As any record prints, with the headers that were added since. */
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
