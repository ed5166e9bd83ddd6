package dev.surefoot.testkit.progress;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A program that reads partition 0 of a topic and prints each cause and concern once, with its severity. A test runs it
 * in a JVM of its own, which has little memory or is stopped for a while.
 */
final class ReportingConsumer {
    private ReportingConsumer() {}

    /** @param args the bootstrap servers, the topic, and further options as key=value */
    public static void main(String[] args) {
        TopicPartition partition = new TopicPartition(args[1], 0);
        Map<String, Object> config = new java.util.HashMap<>(Map.of(
                "bootstrap.servers", args[0], "auto.offset.reset", "earliest", "surefoot.stall.patience.ms", 1_500));
        for (String option : List.of(args).subList(2, args.length)) {
            String[] parts = option.split("=", 2);
            config.put(parts[0], parts[1]);
        }
        try (SurefootConsumer<byte[], byte[]> consumer =
                new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            Set<StallCause> concerns = EnumSet.noneOf(StallCause.class);
            String last = "";
            while (true) {
                try {
                    consumer.poll(Duration.ofMillis(50));
                } catch (KafkaException e) {
                    System.out.println("poll throws " + e);
                }
                ProgressSnapshot progress = consumer.progress();
                Diagnosis why = progress.partitions().get(partition).why();
                String now = why.cause() + " " + why.severity();
                if (!now.equals(last)) {
                    System.out.println(now + " " + why.evidence().sentence());
                    last = now;
                }
                for (Diagnosis each : progress.concerns()) {
                    if (concerns.add(each.cause())) {
                        System.out.println("concern " + each.cause() + " "
                                + each.evidence().sentence());
                    }
                }
            }
        }
    }
}
