package dev.surefoot.testkit.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.LogSegments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A log that has nothing below its end, at a real broker: compaction has taken the last records of all segments but the
 * newest, and an election has cut that to nothing. The files are made so while the broker is stopped.
 */
@Tag("thorough")
@Timeout(180)
class LogGapTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition PARTITION = new TopicPartition("gap", 0);

    private static void deleteWithIndexes(Path segment) throws IOException {
        String base = segment.getFileName().toString().replace(".log", "");
        try (Stream<Path> files = Files.list(segment.getParent())) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith(base))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    /** Leaves the first segment as it is, the last one empty, and none between them. */
    private static void empty(KafkaCluster cluster) throws IOException {
        List<Path> segments = LogSegments.of(cluster, PARTITION);
        for (Path segment : segments.subList(1, segments.size())) {
            deleteWithIndexes(segment);
        }
        Files.createFile(segments.get(segments.size() - 1));
    }

    private static Map<String, Object> config(KafkaCluster cluster) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        return config;
    }

    @Test
    void aLogThatHasNothingBelowItsEndIsNoStall() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.builder().start()) {
            cluster.createTopic(PARTITION.topic(), 1, 1, Map.of("segment.ms", "100"));
            Await.until("three segments", PATIENCE, () -> {
                Written.to(cluster, PARTITION, 1, 10);
                return LogSegments.of(cluster, PARTITION).size() >= 3;
            });
            cluster.stop(0);
            empty(cluster);
            cluster.start(0);
            try (Watched watched = Watched.open(config(cluster), consumer -> consumer.assign(List.of(PARTITION)))) {
                watched.awaitCause(PARTITION, StallCause.NOTHING_DELIVERABLE);
                Await.until(
                        "no progress for long",
                        PATIENCE,
                        () -> progress(watched).sinceAdvance().compareTo(Duration.ofSeconds(5)) > 0);

                assertThat(progress(watched).why().cause()).isEqualTo(StallCause.NOTHING_DELIVERABLE);
                assertThat(progress(watched).lag().orElseThrow()).isPositive();
                assertThat(watched.announced()).isEmpty();

                Written.to(cluster, PARTITION, 1, 10);
                watched.awaitCause(PARTITION, StallCause.CAUGHT_UP);
                assertThat(progress(watched).lag()).hasValue(0);
            }
        }
    }

    private static PartitionProgress progress(Watched watched) {
        return watched.consumer().progress(PARTITION);
    }
}
