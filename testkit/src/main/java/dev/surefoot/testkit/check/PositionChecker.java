package dev.surefoot.testkit.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Checks that a consumer delivers records without gap or repetition, in partitions where the sequence number of every
 * {@link SequencedRecord} is its offset. Used by one thread.
 */
public final class PositionChecker {

    private final Map<TopicPartition, Long> next = new HashMap<>();
    private long delivered;

    /** Notes an assignment. A partition that is new in it starts at offset 0. */
    public void assigned(Set<TopicPartition> partitions) {
        next.keySet().retainAll(partitions);
        partitions.forEach(partition -> next.putIfAbsent(partition, 0L));
    }

    /** Notes a seek to this offset. */
    public void sought(TopicPartition partition, long offset) {
        next.put(partition, offset);
    }

    /**
     * Checks the records of one poll.
     *
     * @throws IllegalStateException if one of them is not the next one of its partition
     */
    public void delivered(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            Long expected = next.get(partition);
            long sequence = SequencedRecord.sequenceOf(record);
            if (expected == null || record.offset() != expected || sequence != expected) {
                throw new IllegalStateException(
                        partition + ": expected offset " + (expected == null ? "none, as it is not assigned" : expected)
                                + ", got offset " + record.offset() + " with sequence " + sequence);
            }
            next.put(partition, expected + 1);
            delivered++;
        }
    }

    /** Returns the offset of the record that must come next. */
    public long next(TopicPartition partition) {
        return next.getOrDefault(partition, 0L);
    }

    /** Returns whether every partition was read up to this offset. */
    public boolean allAt(long offset) {
        return next.values().stream().allMatch(at -> at == offset);
    }

    /** Returns how many records were delivered. */
    public long deliveredCount() {
        return delivered;
    }

    @Override
    public String toString() {
        return "next offsets " + next;
    }
}
