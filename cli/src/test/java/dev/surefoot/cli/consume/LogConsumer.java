package dev.surefoot.cli.consume;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Logs with gaps, which positions pass as a broker's do; they can be read again and again, and grow. */
class LogConsumer extends MockConsumer<byte[], byte[]> {

    private static final int RECORDS_MAX = 7;

    private record Log(long begin, long end, NavigableMap<Long, Long> timestamps) {}

    private final Map<TopicPartition, Log> logs = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    LogConsumer() {
        super("none");
    }

    /** From now on the partition's log is this; {@code timestamps} has one of each offset that is a record. */
    final void hold(TopicPartition partition, long begin, long end, Map<Long, Long> timestamps) {
        logs.put(partition, new Log(begin, end, new TreeMap<>(timestamps)));
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
        positions.put(partition, offset);
    }

    @Override
    public synchronized long position(TopicPartition partition, Duration timeout) {
        return positions.get(partition);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (TopicPartition each : assignment()) {
            if (!paused().contains(each)) {
                List<ConsumerRecord<byte[], byte[]>> records = read(each);
                if (!records.isEmpty()) {
                    polled.put(each, records);
                    next.put(each, new OffsetAndMetadata(positions.get(each)));
                }
            }
        }
        return new ConsumerRecords<>(polled, next);
    }

    @Override
    public synchronized Map<TopicPartition, Long> beginningOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
        return ofEach(partitions, partition -> logs.get(partition).begin());
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return ofEach(partitions, partition -> logs.get(partition).end());
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestamps, Duration timeout) {
        Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
        timestamps.forEach((partition, wanted) -> found.put(
                partition,
                logs.get(partition).timestamps().entrySet().stream()
                        .filter(each -> each.getValue() >= wanted)
                        .map(each -> new OffsetAndTimestamp(each.getKey(), each.getValue()))
                        .findFirst()
                        .orElse(null)));
        return found;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition) {
        Log log = logs.get(partition);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        log.timestamps().tailMap(positions.get(partition)).entrySet().stream()
                .limit(RECORDS_MAX)
                .forEach(each -> records.add(record(partition, each.getKey(), each.getValue())));
        boolean isLast = records.size() < RECORDS_MAX;
        positions.put(
                partition, isLast ? log.end() : records.get(RECORDS_MAX - 1).offset() + 1);
        return records;
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset, long timestamp) {
        byte[] value = ("v" + offset).getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                -1,
                value.length,
                null,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static Map<TopicPartition, Long> ofEach(
            Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> offset) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(each -> offsets.put(each, offset.applyAsLong(each)));
        return offsets;
    }
}
