package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.delivery.RecordAssembler;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.records.RecordCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Gathers the records of one poll. Owned by the application's thread. */
final class RecordCollector<K, V> implements Lanes.RecordTaker {
    /** The record count of a batch is a claim; beyond this count the list grows as records come. */
    private static final int EXPECTED_MAX = 16_384;

    private final RecordAssembler<K, V> assembler;
    private final int most;
    private final Consumption consumption = new Consumption();
    private final Map<TopicPartition, List<ConsumerRecord<K, V>>> byPartition = new LinkedHashMap<>();
    private @Nullable TopicPartition current;
    private List<ConsumerRecord<K, V>> ofCurrent = List.of();

    /** @param most how many records to gather at most */
    RecordCollector(RecordAssembler<K, V> assembler, int most) {
        this.assembler = assembler;
        this.most = most;
    }

    @Override
    public void take(TopicPartition partition, RecordCursor cursor) {
        ConsumerRecord<K, V> record = assembler.assemble(partition, cursor);
        if (!partition.equals(current)) {
            current = partition;
            // Sized for what the batch has left and the poll may still take: a growing list would be copied half a
            // dozen times.
            int claimed = Math.min(EXPECTED_MAX, 1 + cursor.remainingInBatch());
            int expected = Math.min(most - consumption.records(), claimed);
            ofCurrent = byPartition.computeIfAbsent(partition, name -> new ArrayList<>(expected));
        }
        ofCurrent.add(record);
        consumption.add();
    }

    Consumption consumption() {
        return consumption;
    }

    /**
     * Returns the records with the positions behind them (KIP-1094), also of partitions that have moved without a
     * record.
     */
    ConsumerRecords<K, V> records(Lanes lanes, Set<TopicPartition> advanced) {
        Set<TopicPartition> moved = new HashSet<>(advanced);
        moved.addAll(byPartition.keySet());
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (TopicPartition partition : moved) {
            FetchPosition position = lanes.position(partition);
            if (position != null) {
                next.put(partition, new OffsetAndMetadata(position.offset(), position.leaderEpoch(), ""));
            }
        }
        return new GatheredRecords<>(byPartition, next);
    }
}
