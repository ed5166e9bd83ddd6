package dev.surefoot.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** The files in which brokers keep the logs of partitions, for tests that damage them. */
public final class LogSegments {
    private LogSegments() {}

    /** Returns the segments of a partition that has one replica, by base offset. */
    public static List<Path> of(KafkaCluster cluster, TopicPartition partition) {
        String folder = "/" + partition + "/";
        try (Stream<Path> files = Files.walk(cluster.folder())) {
            return files.filter(file -> file.toString().contains(folder))
                    .filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
