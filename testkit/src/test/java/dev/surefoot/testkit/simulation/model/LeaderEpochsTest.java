package dev.surefoot.testkit.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.simulation.model.PartitionLog.EpochEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leader epochs of the model's log beside Kafka's own cache of them. */
class LeaderEpochsTest {
    private static final int STEPS = 300;
    private static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void epochsEndWhereKafkaSaysTheyDo(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        LeaderEpochFileCache kafka = kafkasCache();
        PartitionLog log = new PartitionLog();
        int epoch = 0;
        log.beginEpoch(epoch);
        kafka.assign(epoch, 0);
        for (int step = 0; step < STEPS; step++) {
            int draw = random.nextInt(10);
            if (draw < 5) {
                log.append(random.nextInt(1, 4), PartitionLog.PAYLOAD_BYTES, epoch, -1, 1);
            } else if (draw < 8) {
                epoch += random.nextInt(1, 3);
                log.beginEpoch(epoch);
                kafka.assign(epoch, log.endOffset());
            } else if (draw < 9) {
                log.deleteBefore(random.nextLong(log.startOffset(), log.endOffset() + 1));
                kafka.truncateFromStartAsyncFlush(log.startOffset());
            } else {
                long from = Math.max(log.startOffset(), log.endOffset() - 5);
                kafka.truncateFromEndAsyncFlush(log.truncateTo(random.nextLong(from, log.endOffset() + 1)));
                compare(kafka, log, epoch, "seed " + seed + ", truncated in step " + step);
                epoch++;
                log.beginEpoch(epoch);
                kafka.assign(epoch, log.endOffset());
            }
            compare(kafka, log, epoch, "seed " + seed + ", step " + step);
        }
    }

    private static void compare(LeaderEpochFileCache kafka, PartitionLog log, int latest, String where) {
        for (int asked = 0; asked <= latest + 1; asked++) {
            Map.Entry<Integer, Long> end = kafka.endOffsetFor(asked, log.endOffset());
            assertThat(log.endOf(asked).orElse(UNKNOWN))
                    .as("%s: the end of epoch %s", where, asked)
                    .isEqualTo(new EpochEnd(end.getKey(), end.getValue()));
        }
        for (long offset = log.startOffset(); offset <= log.endOffset(); offset++) {
            assertThat(log.epochAt(offset))
                    .as("%s: the epoch at %s", where, offset)
                    .isEqualTo(kafka.epochForOffset(offset).orElse(-1));
        }
    }

    private LeaderEpochFileCache kafkasCache() throws IOException {
        LeaderEpochCheckpointFile file = new LeaderEpochCheckpointFile(
                LeaderEpochCheckpointFile.newFile(folder.toFile()), new LogDirFailureChannel(1));
        return new LeaderEpochFileCache(new TopicPartition("t", 0), file, new NothingScheduled());
    }

    /** The cache writes itself to its file in the background, which nobody reads here. */
    private static final class NothingScheduled implements Scheduler {
        @Override
        public void startup() {}

        @Override
        public void shutdown() {}

        @Override
        public ScheduledFuture<?> schedule(String name, Runnable task, long delayMs, long periodMs) {
            return null;
        }

        @Override
        public void resizeThreadPool(int newSize) {}
    }
}
