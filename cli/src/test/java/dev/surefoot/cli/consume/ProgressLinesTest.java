package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.ProgressSnapshot.Summary;
import dev.surefoot.progress.Proof;
import dev.surefoot.progress.Rates;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.progress.TimeLag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    private static final int COLUMNS = 80;

    private static PartitionProgress partition(
            String topic, int number, StallCause cause, Severity severity, long position, long end) {
        Evidence evidence = new Evidence.Metadata(Marks.UNKNOWN, "brokers say so", 5);
        TopicPartition name = new TopicPartition(topic, number);
        Diagnosis why = new Diagnosis(
                cause, severity, new Scope.Partition(name), NOW.minusSeconds(400), evidence, Optional.empty());
        return new PartitionProgress(
                name,
                why,
                OptionalLong.of(position),
                OptionalLong.of(position),
                OptionalLong.of(end),
                OptionalLong.of(end),
                OptionalLong.of(0),
                Proof.NONE,
                OptionalLong.of(end - position),
                0,
                new TimeLag(Optional.of(Duration.ofMinutes(3)), TimeLag.Basis.PRODUCER_CLOCK),
                new Rates(410, 380, 0, 0, Optional.empty()),
                Duration.ZERO,
                Optional.empty(),
                1,
                false);
    }

    private static ProgressSnapshot snapshot(List<PartitionProgress> partitions) {
        Map<TopicPartition, PartitionProgress> byName = new HashMap<>();
        partitions.forEach(each -> byName.put(each.partition(), each));
        Diagnosis consumer = new Diagnosis(
                StallCause.OWNS_NOTHING,
                Severity.FINE,
                new Scope.Client(),
                NOW,
                new Evidence.Offsets(Marks.UNKNOWN),
                Optional.empty());
        return new ProgressSnapshot(NOW, consumer, List.of(), byName, new Summary(partitions.size(), 0, 0, 0, 0, 0));
    }

    @Test
    void whatIsInTroubleComesFirstAndThenWhatIsFurthestBehind() {
        List<String> lines = new ProgressLines(200)
                .of(snapshot(List.of(
                        partition("t", 1, StallCause.CAUGHT_UP, Severity.FINE, 100, 100),
                        partition("t", 2, StallCause.APPLICATION_SLOW, Severity.FINE, 1_204, 9_880),
                        partition("t", 10, StallCause.NO_LEADER, Severity.STALLED, 50, 100))));

        assertThat(lines)
                .containsExactly(
                        "t-10 [####....] NO_LEADER 6 min (brokers say so) 50/100 lag 50 (3 min) in 410/s out 380/s",
                        "t-2  [........] APPLICATION_SLOW 1,204/9,880 lag 8,676 (3 min) in 410/s out 380/s",
                        "t-1  [########] CAUGHT_UP 100/100 lag 0 (3 min) in 410/s out 380/s");
    }

    @Test
    void everyLineFitsTheTerminal() {
        List<String> lines = new ProgressLines(COLUMNS)
                .of(snapshot(List.of(partition(
                        "a-topic-with-quite-a-long-name-of-its-own",
                        7,
                        StallCause.PARTITION_LOST_FROM_SESSION,
                        Severity.STALLED,
                        1_234_567,
                        9_876_543))));

        assertThat(lines)
                .singleElement()
                .asString()
                .hasSizeLessThan(COLUMNS)
                .startsWith("a-topic-wit..f-its-own-7")
                .contains("PARTITION_LOST_FROM_SESSION 6 min");
    }

    @Test
    void manyPartitionsAreALineForEachCause() {
        List<PartitionProgress> many = new ArrayList<>();
        for (int number = 0; number < 50; number++) {
            many.add(
                    number % 2 == 0
                            ? partition("t", number, StallCause.THROTTLED, Severity.WAITING, 0, 10)
                            : partition("t", number, StallCause.PROGRESSING, Severity.FINE, 5, 10));
        }
        assertThat(new ProgressLines(200).of(snapshot(many)))
                .containsExactly(
                        "THROTTLED 6 min: 25 partitions, lag 250, for example t-0 (brokers say so)",
                        "PROGRESSING: 25 partitions, lag 125, for example t-1");
    }

    @Test
    void nothingAssignedIsOneLine() {
        assertThat(new ProgressLines(COLUMNS).of(snapshot(List.of()))).containsExactly("OWNS_NOTHING");
    }
}
