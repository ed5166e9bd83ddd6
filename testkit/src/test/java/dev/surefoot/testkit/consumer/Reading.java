package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Reads records and makes them comparable. */
final class Reading {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(100);

    private Reading() {}

    /** Everything that two consumers must agree on about a record; bytes are in hexadecimal digits. */
    record Seen(
            int partition,
            long offset,
            @Nullable String key,
            @Nullable String value,
            int keySize,
            int valueSize,
            long timestamp,
            TimestampType timestampType,
            Optional<Integer> leaderEpoch,
            List<String> headers) {
        static Seen of(ConsumerRecord<byte[], byte[]> record) {
            return new Seen(
                    record.partition(),
                    record.offset(),
                    hex(record.key()),
                    hex(record.value()),
                    record.serializedKeySize(),
                    record.serializedValueSize(),
                    record.timestamp(),
                    record.timestampType(),
                    record.leaderEpoch(),
                    Stream.of(record.headers().toArray())
                            .map(header -> header.key() + "=" + hex(header.value()))
                            .toList());
        }
    }

    static @Nullable String hex(byte @Nullable [] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }

    /** Polls until there are so many records, and a little longer in case there are more. */
    static <K, V> List<ConsumerRecord<K, V>> take(Consumer<K, V> consumer, int count) {
        return take(consumer, SHORT, count);
    }

    /** Does the same with polls of this length. */
    static <K, V> List<ConsumerRecord<K, V>> take(Consumer<K, V> consumer, Duration each, int count) {
        List<ConsumerRecord<K, V>> records = new ArrayList<>();
        Await.until(count + " records", PATIENCE, () -> {
            consumer.poll(each).forEach(records::add);
            return records.size() >= count;
        });
        consumer.poll(Duration.ZERO).forEach(records::add);
        return records;
    }

    /** All records between the ends of these partitions as they are now, in the order of each partition. */
    static Map<TopicPartition, List<Seen>> everything(
            Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, List<Seen>> seen =
                new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
        partitions.forEach(partition -> seen.put(partition, new ArrayList<>()));
        Await.until("the ends " + ends, PATIENCE, () -> {
            consumer.poll(SHORT)
                    .forEach(record -> seen.get(new TopicPartition(record.topic(), record.partition()))
                            .add(Seen.of(record)));
            return partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition));
        });
        return seen;
    }

    /** The values of records as text. */
    static List<String> values(Collection<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }
}
