package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.delivery.ReadAhead;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.records.BatchesAhead;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import dev.surefoot.core.records.Scratch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AheadDecompressionTest {
    private static final long SEED = 4_070_776;
    private static final int MEBIBYTE = 1 << 20;
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition("a", 0), new TopicPartition("b", 0), new TopicPartition("c", 0));
    private static final TopicPartition PARTITION = PARTITIONS.get(0);

    private final CompressedBatches batches = new CompressedBatches();
    private final Workers workers = new Workers();
    private int taken;

    /** Real threads for the workers, which can be waited for, or none. */
    private static final class Workers implements Threads {
        private final List<Thread> started = new ArrayList<>();
        private boolean idle;
        private boolean none;

        @Override
        public boolean startWorker(Runnable work, String name) {
            if (none) {
                return false;
            }
            Thread thread = new Thread(idle ? () -> {} : work, name);
            thread.setDaemon(true);
            started.add(thread);
            thread.start();
            return true;
        }

        @Override
        public LoopOwner owner(Loop loop, String name) {
            throw new UnsupportedOperationException("there is no loop here");
        }

        @Override
        public void park(Object blocker, long nanos) {
            throw new UnsupportedOperationException("nobody parks here");
        }

        @Override
        public void unpark(Thread thread) {
            throw new UnsupportedOperationException("nobody parks here");
        }

        void awaitEnd() throws InterruptedException {
            for (Thread thread : started) {
                thread.join();
            }
        }
    }

    private AheadDecompression ahead(int threads, long capacity) {
        return new AheadDecompression(
                workers, "ahead", threads, capacity, () -> Long.MAX_VALUE, MEBIBYTE, true, () -> {});
    }

    /** Lanes, and everything that an application saw of them. */
    private static final class Application {
        private final Lanes lanes;
        private final List<String> seen = new ArrayList<>();

        Application(ReadAhead readAhead) {
            lanes = new Lanes(false, true, new Decompressor(MEBIBYTE), readAhead);
            lanes.assign(PARTITIONS);
            PARTITIONS.forEach(partition -> lanes.seek(partition, FetchPosition.at(0)));
        }

        void poll(int most) {
            try {
                seen.add("took " + lanes.poll(most, this::take));
            } catch (KafkaException e) {
                seen.add(String.valueOf(e.getMessage()));
            }
            PARTITIONS.forEach(partition -> seen.add(partition + " at " + lanes.position(partition)));
        }

        private void take(TopicPartition partition, RecordCursor record) {
            ByteBuffer value = record.value();
            seen.add(partition + "@" + record.offset() + ": " + StandardCharsets.US_ASCII.decode(value));
        }
    }

    @Test
    void whatIsDecompressedAheadIsReadAsIfItWereNot() throws Exception {
        for (int round = 0; round < 60; round++) {
            long seed = SEED + round;
            Random random = new Random(seed);
            // Sometimes there is room for few of the batches, or for none.
            long capacity = random.nextBoolean() ? 8L * MEBIBYTE : 1 + random.nextInt(512 * 1024);
            AheadDecompression ahead = ahead(1 + random.nextInt(2), capacity);
            Application with = new Application(records -> counting(ahead.begin(records)));
            Application without = new Application(ReadAhead.NONE);
            long[] generations = {4, 5, 6};
            long[] fetched = new long[3];
            for (int step = 0; step < 60; step++) {
                int at = random.nextInt(3);
                TopicPartition partition = PARTITIONS.get(at);
                switch (random.nextInt(10)) {
                    case 0 -> {
                        fetched[at] = 5L * random.nextInt(20);
                        FetchPosition position = FetchPosition.at(fetched[at]);
                        generations[at] = with.lanes.seek(partition, position);
                        assertThat(without.lanes.seek(partition, position)).isEqualTo(generations[at]);
                    }
                    case 1 -> {
                        boolean pause = random.nextBoolean();
                        with.lanes.pause(partition, pause);
                        without.lanes.pause(partition, pause);
                    }
                    case 2, 3, 4, 5 -> {
                        // A fetch from within a batch brings all of it.
                        long base = fetched[at] / 10 * 10;
                        List<ByteBuffer> some = CompressedBatches.random(random, base);
                        Delivery.Records records =
                                batches.delivery(partition, generations[at], fetched[at], base, some);
                        with.lanes.offer(records);
                        without.lanes.offer(batches.copy(records));
                        fetched[at] = records.nextOffset();
                    }
                    default -> {
                        int most = 1 + random.nextInt(60);
                        with.poll(most);
                        without.poll(most);
                    }
                }
            }
            assertThat(with.seen).as("seed %d", seed).isEqualTo(without.seen);
            with.lanes.assign(Set.of());
            without.lanes.assign(Set.of());
            ahead.close();
            assertThat(batches.holds()).as("holds on memory, seed %d", seed).isZero();
        }
        workers.awaitEnd();
        assertThat(taken).as("batches that were ready, of all rounds").isPositive();
    }

    private BatchesAhead counting(BatchesAhead begun) {
        return new BatchesAhead() {
            @Override
            public Scratch take(int start) {
                Scratch content = begun.take(start);
                taken += content == null ? 0 : 1;
                return content;
            }

            @Override
            public void release() {
                begun.release();
            }
        };
    }

    @Test
    void whatNobodyHasBegunIsTakenBackByTheApplication() {
        workers.idle = true;
        AheadDecompression ahead = ahead(1, 8L * MEBIBYTE);
        Delivery.Records records = sound(CompressionType.ZSTD, 20);
        BatchesAhead begun = ahead.begin(records);
        assertThat(batches.holds()).isEqualTo(21);
        assertThat(begun.take(0)).isNull();
        assertThat(batches.holds()).isEqualTo(20);
        begun.release();
        assertThat(batches.holds()).isEqualTo(1);
        records.lease().release();
        ahead.close();
    }

    @Test
    void aBatchIsTakenOutOnce() {
        AheadDecompression ahead = ahead(1, 8L * MEBIBYTE);
        BatchesAhead begun = ahead.begin(sound(CompressionType.LZ4, 1));
        awaitReady();
        Scratch content = begun.take(0);
        assertThat(content).isNotNull();
        assertThat(begun.take(0)).isNull();
        assertThat(ahead.usedBytes()).isEqualTo(content.capacity());
        content.release();
        assertThat(ahead.usedBytes()).isZero();
        ahead.close();
    }

    @Test
    void whatIsReadyIsLetGoOfWhenItIsDropped() {
        AheadDecompression ahead = ahead(1, 8L * MEBIBYTE);
        BatchesAhead begun = ahead.begin(sound(CompressionType.SNAPPY, 5));
        awaitReady();
        assertThat(ahead.usedBytes()).isPositive();
        begun.release();
        assertThat(ahead.usedBytes()).isZero();
        assertThat(batches.holds()).isEqualTo(1);
        ahead.close();
    }

    @Test
    void whatIsReadyStaysWithinItsBoundBombsIncluded() {
        long capacity = 2L * MEBIBYTE;
        AheadDecompression ahead = ahead(1, capacity);
        Lanes lanes = new Lanes(false, true, new Decompressor(16 * MEBIBYTE), ahead);
        lanes.assign(List.of(PARTITION));
        long generation = lanes.seek(PARTITION, FetchPosition.at(0));
        long offset = 0;
        for (CompressionType codec : CompressionType.values()) {
            List<ByteBuffer> content = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long base = offset + 10L * i;
                content.add(
                        i < 10
                                ? CompressedBatches.batch(new Random(SEED), codec, base, 10_000)
                                : CompressedBatches.bomb(codec, base, 200_000));
            }
            lanes.offer(batches.delivery(PARTITION, generation, offset, offset, content));
            offset += 200;
        }
        long most = 0;
        for (int taken = 0; taken < offset; taken += lanes.poll(1, (partition, record) -> {})) {
            long used = ahead.usedBytes();
            assertThat(used).isLessThanOrEqualTo(capacity);
            most = Math.max(most, used);
        }
        assertThat(most).isPositive();
        assertThat(lanes.poll(1, (partition, record) -> {})).isZero();
        assertThat(ahead.usedBytes()).isZero();
        assertThat(batches.holds()).isZero();
        ahead.close();
    }

    @Test
    void uncompressedAndSmallBatchesStartNoThread() {
        AheadDecompression ahead = ahead(1, 8L * MEBIBYTE);
        assertThat(ahead.begin(sound(CompressionType.NONE, 5))).isSameAs(BatchesAhead.NONE);
        ByteBuffer small = CompressedBatches.batch(new Random(SEED), CompressionType.ZSTD, 0, 10);
        assertThat(ahead.begin(batches.delivery(PARTITION, 1, 0, 0, List.of(small))))
                .isSameAs(BatchesAhead.NONE);
        assertThat(workers.started).isEmpty();
        ahead.close();
    }

    @Test
    void withoutThreadsEverythingIsLeftToTheApplication() {
        assertThat(ahead(0, MEBIBYTE).begin(sound(CompressionType.ZSTD, 5))).isSameAs(BatchesAhead.NONE);
        workers.none = true;
        assertThat(ahead(1, MEBIBYTE).begin(sound(CompressionType.ZSTD, 5))).isSameAs(BatchesAhead.NONE);
        assertThat(batches.holds()).isEqualTo(2);
    }

    @Test
    void theThreadsEndWhenItIsClosed() throws Exception {
        AheadDecompression ahead = ahead(3, 8L * MEBIBYTE);
        BatchesAhead begun = ahead.begin(sound(CompressionType.GZIP, 30));
        assertThat(workers.started).extracting(Thread::getName).containsExactly("ahead-1", "ahead-2", "ahead-3");
        begun.release();
        ahead.close();
        assertThat(batches.holds()).as("nobody reads after closing").isEqualTo(1);
        workers.awaitEnd();
        assertThat(ahead.begin(sound(CompressionType.GZIP, 1))).isSameAs(BatchesAhead.NONE);
    }

    @Test
    void itTakesAPartOfTheMemoryForFetchedData() {
        assertThat(AheadDecompression.capacity(MEBIBYTE)).isEqualTo(MEBIBYTE / 4);
        assertThat(AheadDecompression.capacity(64L * MEBIBYTE)).isEqualTo(16L * MEBIBYTE);
        assertThat(AheadDecompression.capacity(Long.MAX_VALUE)).isEqualTo(16L * MEBIBYTE);
    }

    private Delivery.Records sound(CompressionType codec, int count) {
        Random random = new Random(SEED);
        List<ByteBuffer> content = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            content.add(CompressedBatches.batch(random, codec, 10L * i, 2000));
        }
        return batches.delivery(PARTITION, 1, 0, 0, content);
    }

    /** A batch's lease is released when it has been decompressed. */
    private void awaitReady() {
        while (batches.holds() > 1) {
            Thread.onSpinWait();
        }
    }
}
