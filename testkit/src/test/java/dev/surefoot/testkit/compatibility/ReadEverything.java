package dev.surefoot.testkit.compatibility;

import dev.surefoot.SurefootConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A program with Surefoot and whatever kafka-clients is on its class path: reads so many records of a topic's first partition and
 * prints the version it ran with, the records it read and the sum of their offsets.
 */
final class ReadEverything {
    private ReadEverything() {}

    public static void main(String[] args) {
        Map<String, Object> config = Map.of("bootstrap.servers", args[0], "auto.offset.reset", "earliest");
        int wanted = Integer.parseInt(args[2]);
        try (SurefootConsumer<String, String> consumer =
                new SurefootConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(args[1], 0));
            consumer.assign(partitions);
            long end = consumer.endOffsets(partitions).get(partitions.get(0));
            int read = 0;
            long offsets = 0;
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (read < wanted && System.nanoTime() < deadline) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(500));
                for (ConsumerRecord<String, String> record : records) {
                    read++;
                    offsets += record.offset();
                }
            }
            System.out.println(AppInfoParser.getVersion() + " " + read + " " + offsets + " " + end + " "
                    + consumer.partitionsFor(args[1]).size() + " "
                    + consumer.fetchReport().sessionsOpened());
        }
    }
}
