package dev.surefoot.testkit.consumer;

import dev.surefoot.RecordVisitor;
import dev.surefoot.SurefootConsumer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A program that reads topics in a JVM of its own. Each value has one byte in all places, by the record's
 * offset. Prints a line for each way of reading: its name, how many records were right, and the last offset; or
 * the exception that ended it.
 *
 * <p>Arguments: the brokers, how many records there are, {@code max.poll.records}, and {@code topic:way} for each
 * topic to read, where the way is {@code kafka}, {@code poll} or {@code visit}, or one of them with
 * {@code -committed} behind it.
 */
final class ValuesReader {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
    private static final Duration SHORT = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final int wanted;
    private final String maxPollRecords;
    private int right;
    private long lastOffset = -1;

    private ValuesReader(String bootstrapServers, int wanted, String maxPollRecords) {
        this.bootstrapServers = bootstrapServers;
        this.wanted = wanted;
        this.maxPollRecords = maxPollRecords;
    }

    public static void main(String[] args) {
        for (String task : List.of(args).subList(3, args.length)) {
            String[] topicAndWay = task.split(":");
            ValuesReader reader = new ValuesReader(args[0], Integer.parseInt(args[1]), args[2]);
            try {
                reader.read(topicAndWay[0], topicAndWay[1]);
                System.out.println(task + " " + reader.right + " " + reader.lastOffset);
            } catch (KafkaException | OutOfMemoryError e) {
                System.out.println(task + " " + reader.right + " " + e);
            }
        }
    }

    private void read(String topic, String way) {
        List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "max.poll.records",
                maxPollRecords,
                "isolation.level",
                way.endsWith("-committed") ? "read_committed" : "read_uncommitted");
        try (Consumer<byte[], byte[]> consumer = way.startsWith("kafka")
                ? new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                : new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long start = System.nanoTime();
            while (right < wanted && System.nanoTime() - start < PATIENCE_NANOS) {
                if (way.startsWith("visit")) {
                    RecordVisitor visitor = record -> {
                        look(record.offset(), record.value());
                        return RecordVisitor.Result.CONTINUE;
                    };
                    ((SurefootConsumer<byte[], byte[]>) consumer).poll(SHORT, visitor);
                } else {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(SHORT)) {
                        look(record.offset(), ByteBuffer.wrap(record.value()));
                    }
                }
            }
        }
    }

    private void look(long offset, ByteBuffer value) {
        byte expected = (byte) offset;
        boolean isRight = offset == lastOffset + 1 && value.remaining() > 0;
        while (value.hasRemaining()) {
            isRight &= value.get() == expected;
        }
        right += isRight ? 1 : 0;
        lastOffset = offset;
    }
}
