package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TopicReadingTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("bills", 0);
    private static final long STEP_MS = 5;

    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final List<String> notices = new ArrayList<>();
    private long nowMs = 1_000;

    @Test
    void aRecordIsOutSoonWhileTrafficGoesOn() throws IOException {
        List<Long> waitedMs = new ArrayList<>();
        LogConsumer busy = new LogConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                long written = position(FIRST, timeout);
                // Each line of output is "v" and digits; the records before this poll that are not in it are waiting.
                long out = seen.toString(StandardCharsets.UTF_8).lines().count();
                waitedMs.add((written - out) * STEP_MS);
                assertThat(timeout).isEqualTo(written == out ? Duration.ofMillis(100) : Duration.ZERO);
                nowMs += STEP_MS;
                Map<Long, Long> grown = new TreeMap<>();
                for (long offset = 0; offset <= written; offset++) {
                    grown.put(offset, nowMs);
                }
                hold(FIRST, 0, written + 1, grown);
                return super.poll(timeout);
            }
        };
        busy.hold(FIRST, 0, 0, Map.of());

        run(busy, new ReadingOptions(new StartPosition.End(), 200, false, OptionalLong.empty(), patience()), FIRST);

        assertThat(waitedMs).hasSize(200).allMatch(each -> each <= 20);
    }

    @Test
    void nothingWaitsForRecordsThatMayNeverCome() throws IOException {
        LogConsumer quiet = new LogConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
                if (polled.isEmpty() && !timeout.isZero()) {
                    assertThat(lines()).containsExactly("v0", "v1");
                    hold(FIRST, 0, 3, Map.of(0L, 0L, 1L, 0L, 2L, 0L));
                }
                return polled;
            }
        };
        quiet.hold(FIRST, 0, 2, Map.of(0L, 0L, 1L, 0L));

        run(
                quiet,
                new ReadingOptions(new StartPosition.Beginning(), 3, false, OptionalLong.empty(), patience()),
                FIRST);

        assertThat(lines()).containsExactly("v0", "v1", "v2");
    }

    @Test
    void aTimeThatHasPassedEndsEachPartitionBeforeItsFirstRecordOfThatTime() throws IOException {
        LogConsumer consumer = new LogConsumer();
        consumer.hold(FIRST, 0, 10, Map.of(0L, 100L, 1L, 200L, 2L, 300L, 3L, 150L));
        consumer.hold(SECOND, 0, 10, Map.of(7L, 10L));

        run(consumer, until(300), FIRST, SECOND);

        assertThat(lines()).containsExactlyInAnyOrder("v0", "v1", "v7");
    }

    @Test
    void aTimeToComeEndsPartitionsByTheirRecordsOrByTheClock() throws IOException {
        LogConsumer consumer = new LogConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                nowMs += 100;
                if (nowMs == 1_500) {
                    hold(FIRST, 0, 4, Map.of(0L, 100L, 1L, 1_499L, 2L, 5_000L, 3L, 1_500L));
                }
                return super.poll(timeout);
            }
        };
        consumer.hold(FIRST, 0, 1, Map.of(0L, 100L));
        // A record and, behind it, what is never delivered.
        consumer.hold(SECOND, 0, 10, Map.of(7L, 10L));

        run(consumer, until(2_000), FIRST, SECOND);

        assertThat(lines()).containsExactlyInAnyOrder("v0", "v7", "v1");
        assertThat(nowMs).isEqualTo(2_000);
    }

    @Test
    void recordsBehindTheEndAsItStoodAreNotPrinted() throws IOException {
        LogConsumer consumer = new LogConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                hold(FIRST, 0, 3, Map.of(0L, 0L, 1L, 0L, 2L, 0L));
                return super.poll(timeout);
            }
        };
        consumer.hold(FIRST, 0, 2, Map.of(0L, 0L, 1L, 0L));

        run(
                consumer,
                new ReadingOptions(new StartPosition.Beginning(), 99, true, OptionalLong.empty(), patience()),
                FIRST);

        assertThat(lines()).containsExactly("v0", "v1");
    }

    @Test
    void aPartitionWithoutTheOffsetIsLeftOutWithAWarning() throws IOException {
        LogConsumer consumer = new LogConsumer();
        consumer.hold(FIRST, 0, 43, Map.of(41L, 0L, 42L, 0L));
        consumer.hold(SECOND, 0, 7, Map.of(6L, 0L));

        run(
                consumer,
                new ReadingOptions(new StartPosition.Offset(42), 99, true, OptionalLong.empty(), patience()),
                FIRST,
                SECOND);

        assertThat(lines()).containsExactly("v42");
        assertThat(notices)
                .containsExactly(
                        "offset 42 is outside bills-0, which holds offsets from 0 up to 7 (exclusive); not read");
    }

    private ReadingOptions until(long timestampMs) {
        return new ReadingOptions(
                new StartPosition.Beginning(), Long.MAX_VALUE, false, OptionalLong.of(timestampMs), patience());
    }

    private static Duration patience() {
        return Duration.ofSeconds(10);
    }

    private List<String> lines() {
        return seen.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void run(LogConsumer consumer, ReadingOptions options, TopicPartition... partitions) throws IOException {
        PromptOutput output = new PromptOutput(new BufferedOutputStream(seen), () -> nowMs * 1_000_000);
        ReadingEnds ends = new ReadingEnds(options.untilMs(), new TurnedClock());
        Printout printout = new Printout(TokenFormat.parse("%s\\n", "NULL"), output, ends, options.max());
        OpenPartitions open = new OpenPartitions(consumer, options, printout, ends);
        try (Reading reading = new TopicReading(consumer, List.of(partitions), options, printout, open, notices::add)) {
            reading.run();
        }
    }

    private final class TurnedClock extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs);
        }
    }
}
