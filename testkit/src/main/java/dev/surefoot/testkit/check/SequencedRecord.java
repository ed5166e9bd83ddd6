package dev.surefoot.testkit.check;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes and reads records whose key is their sequence number within their partition, and whose value is computed from
 * both.
 */
public final class SequencedRecord {

    private SequencedRecord() {}

    /**
     * Returns a record to write.
     *
     * @param sequence its number in the partition, from 0 on
     * @param valueBytes the size of its value
     */
    public static ProducerRecord<byte[], byte[]> of(TopicPartition partition, long sequence, int valueBytes) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, filling(partition.partition(), sequence));
        return new ProducerRecord<>(partition.topic(), partition.partition(), key, value);
    }

    /**
     * Returns the sequence number of a record that was read.
     *
     * @throws IllegalStateException if key and value are not those that were written under that number
     */
    public static long sequenceOf(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        if (key == null || key.length != Long.BYTES) {
            throw new IllegalStateException("The key of " + place(record) + " is no sequence number");
        }
        long sequence = ByteBuffer.wrap(key).getLong();
        byte expected = filling(record.partition(), sequence);
        for (byte found : record.value()) {
            if (found != expected) {
                throw new IllegalStateException(
                        "The value of " + place(record) + " is not what was written as sequence " + sequence);
            }
        }
        return sequence;
    }

    private static byte filling(int partition, long sequence) {
        return (byte) (31 * sequence + partition);
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + " offset " + record.offset();
    }
}
