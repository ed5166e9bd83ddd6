package dev.surefoot.core.fetch;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record that was written without headers. Whoever has a record may add headers to it, so each needs some of its own; they
 * are made when somebody asks for them, which spares most records an object.
 */
final class HeaderlessRecord<K, V> extends ConsumerRecord<K, V> {
    private static final Headers NONE = new ReceivedHeaders();

    private @Nullable Headers headers;

    HeaderlessRecord(
            String topic,
            int partition,
            long offset,
            long timestamp,
            TimestampType timestampType,
            int serializedKeySize,
            int serializedValueSize,
            K key,
            V value,
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
                NONE,
                leaderEpoch);
    }

    @Override
    public Headers headers() {
        Headers own = headers;
        if (own == null) {
            own = new ReceivedHeaders();
            headers = own;
        }
        return own;
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
