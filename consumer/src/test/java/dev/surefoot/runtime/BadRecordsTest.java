package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.delivery.ReadAhead;
import dev.surefoot.core.delivery.ReadingListener;
import dev.surefoot.core.delivery.UnreadableUnit;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.records.RecordCursor;
import dev.surefoot.net.ManualClock;
import dev.surefoot.progress.PassedOver;
import dev.surefoot.progress.StallCause;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What a handler is given how often, what is logged and counted, and when passing over ends. */
class BadRecordsTest {
    private static final TopicPartition T = new TopicPartition("t", 0);
    private static final TopicPartition U = new TopicPartition("u", 0);

    private final ManualClock clock = new ManualClock();
    private final Metrics metrics = new Metrics();
    private final List<String> happened = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final List<String> taken = new ArrayList<>();
    private Throwable thrownByHandler;
    private Lanes lanes;

    private final class Handler implements UnitHandler {
        @Override
        public void handle(UnreadableUnit unit) throws Exception {
            happened.add("handed over " + unit.partition() + "@" + unit.fromOffset() + " at " + position());
            if (thrownByHandler instanceof Exception exception) {
                throw exception;
            }
            if (thrownByHandler instanceof Error error) {
                throw error;
            }
        }

        @Override
        public void close() {
            happened.add("closed");
        }

        @Override
        public String name() {
            return "Handler";
        }
    }

    private long position() {
        FetchPosition position = lanes.position(T);
        return position == null ? -1 : position.offset();
    }

    private BadRecords policy(UnitHandler handler, int rowMax) {
        Logger log = LogLines.to(line -> happened.add(line + " at " + position()));
        return BadRecords.passing(handler, rowMax, clock, new ConsumerMeter(metrics, 0), log, "me");
    }

    private void read(BadRecords policy) {
        lanes = new Lanes(false, true, new Decompressor(1 << 20), ReadAhead.NONE, ReadingListener.NONE, policy);
        lanes.assign(List.of(T, U));
        deliver(T, 0, 200);
        deliver(U, 0, 1);
    }

    private void deliver(TopicPartition partition, long from, int count) {
        long generation = lanes.seek(partition, FetchPosition.at(from));
        SimpleRecord[] records = new SimpleRecord[count];
        Arrays.setAll(records, i -> new SimpleRecord(i, null, new byte[] {1}));
        ByteBuffer batch =
                MemoryRecords.withRecords(from, Compression.NONE, 0, records).buffer();
        lanes.offer(new Delivery.Records(
                partition,
                generation,
                new FetchedBatches(from, from + count, batch, List.of(), Lease.NONE),
                new Watermarks(from + count, from + count, 0),
                new FetchedAnswer().addDelivery()));
    }

    private void take(TopicPartition partition, RecordCursor record) {
        String name = partition.topic() + record.offset();
        if (refused.contains(name)) {
            throw new RecordDeserializationException(
                    RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                    partition,
                    record.offset(),
                    0,
                    record.timestampType(),
                    null,
                    null,
                    null,
                    "refused " + name,
                    null);
        }
        taken.add(name);
    }

    private Throwable poll(int most) {
        return catchThrowable(() -> lanes.poll(most, this::take));
    }

    private Object metric(String name) {
        return metrics.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name)
                        && entry.getKey().group().equals("surefoot-progress-metrics")
                        && entry.getKey()
                                .tags()
                                .equals(Map.of("topic", "t", "partition", "0", "reason", "RECORD_UNDESERIALIZABLE")))
                .map(entry -> entry.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void listenersAreToldBeforeThePositionMoves() {
        refused.add("t1");
        BadRecords skipping = policy(null, 10);
        skipping.tell(unit -> happened.add("told " + unit + " at " + position()));
        read(skipping);

        assertThat(poll(4)).isNull();

        assertThat(happened)
                .last()
                .isEqualTo("told "
                        + new PassedOver(T, 1, 1, StallCause.RECORD_UNDESERIALIZABLE, false, "refused t1")
                        + " at 1");
        assertThat(position()).isGreaterThan(1);
    }

    @Test
    void aUnitIsHandedOverLoggedAndCountedBeforeThePositionMoves() {
        refused.addAll(Set.of("t1", "t3"));
        read(policy(new Handler(), 10));

        assertThat(poll(4)).isNull();
        assertThat(happened)
                .containsExactly(
                        "handed over t-0@1 at 1",
                        "warn [me] t-0 offset 1 given to the handler and passed over (RECORD_UNDESERIALIZABLE):"
                                + " refused t1 at 1",
                        "handed over t-0@3 at 3",
                        "info [me] t-0 offset 3 given to the handler and passed over (RECORD_UNDESERIALIZABLE),"
                                + " 2 in the hour since the last warning at 3");
        assertThat(metric("bad-units-total")).isEqualTo(2.0);
        assertThat(metric("bad-offsets-total")).isEqualTo(2.0);
    }

    @Test
    void theFirstOfEachHourIsAWarning() {
        refused.addAll(Set.of("t1", "t3", "t5"));
        read(policy(null, 10));
        lanes.pause(U, true);
        poll(1);
        assertThat(poll(1)).isNull();
        clock.advanceMs(TimeUnit.HOURS.toMillis(1));
        poll(1);
        poll(1);

        assertThat(happened).hasSize(3);
        assertThat(happened.get(0)).startsWith("warn [me] t-0 offset 1 skipped");
        assertThat(happened.get(1)).startsWith("warn [me] t-0 offset 3 skipped");
        assertThat(happened.get(2)).startsWith("info [me] t-0 offset 5 skipped");
    }

    @Test
    void aHandlerIsCalledThreeTimesForAUnitAndOthersGoOn() {
        refused.add("t0");
        thrownByHandler = new IOException("the topic of dead letters is not there");
        read(policy(new Handler(), 10));

        for (int times = 1; times <= 3; times++) {
            Throwable thrown = poll(1);
            if (thrown == null) {
                thrown = poll(1);
            }
            assertThat(thrown)
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("Handler has thrown " + times + " of 3 times for t-0 offset 0")
                    .hasCause(thrownByHandler);
        }
        assertThat(taken).as("the other partition").containsExactly("u0");
        assertThat(poll(1)).hasMessageContaining("It is not called again").hasCause(thrownByHandler);
        assertThat(happened).hasSize(3).allMatch("handed over t-0@0 at 0"::equals);
        assertThat(position()).isZero();

        thrownByHandler = null;
        assertThat(poll(1)).as("only a seek has it called again").isNotNull();
        deliver(T, 0, 200);
        assertThat(poll(1)).isNull();
        assertThat(taken).containsExactly("u0", "t1");
        assertThat(position()).isEqualTo(2);
    }

    @Test
    void whatHelpsAtTheSecondOrThirdTimeGoesOn() {
        refused.add("t0");
        refused.add("t1");
        thrownByHandler = new IOException("not yet");
        read(policy(new Handler(), 10));
        lanes.pause(U, true);

        assertThat(poll(1)).hasMessageContaining("1 of 3");
        assertThat(poll(1)).hasMessageContaining("2 of 3");
        thrownByHandler = null;
        assertThat(poll(1)).isNull();
        assertThat(taken).containsExactly("t2");
    }

    @Test
    void anInterruptDoesNotCountAgainstTheHandlerAndStays() {
        refused.add("t0");
        thrownByHandler = new InterruptedException();
        read(policy(new Handler(), 10));
        lanes.pause(U, true);

        for (int i = 0; i < 5; i++) {
            assertThat(poll(1)).isInstanceOf(InterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        thrownByHandler = null;
        assertThat(poll(1)).isNull();
    }

    @Test
    void anErrorOfTheHandlerIsThrownAsItIs() {
        refused.add("t0");
        thrownByHandler = new StackOverflowError();
        read(policy(new Handler(), 10));
        lanes.pause(U, true);

        assertThat(poll(1)).isSameAs(thrownByHandler);
        assertThat(position()).isZero();
    }

    @Test
    void w18AReaderThatFailsAlwaysPassesOverNoMoreThanTheBreakerAllows() {
        for (int i = 0; i < 200; i++) {
            refused.add("t" + i);
        }
        read(policy(null, 10));
        lanes.pause(U, true);

        assertThat(poll(1))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("10 bad records or batches came in a row")
                .hasMessageContaining("seek past offset 10")
                .hasCauseInstanceOf(RecordDeserializationException.class);
        assertThat(position()).isEqualTo(10);
        lanes.pause(U, false);
        assertThat(poll(1)).isNotNull();
        poll(1);
        assertThat(taken).containsExactly("u0");
        assertThat(poll(1)).as("once tripped").hasMessageContaining("in a row");
        assertThat(position()).isEqualTo(10);
        assertThat(happened.stream().filter(line -> line.contains("no longer passed over")))
                .hasSize(1);
        assertThat(metric("bad-units-total")).isEqualTo(10.0);
    }

    @Test
    void failPassesOverNothing() {
        refused.add("t0");
        read(BadRecords.failing());
        lanes.pause(U, true);

        for (int i = 0; i < 20; i++) {
            assertThat(poll(1))
                    .isInstanceOf(RecordDeserializationException.class)
                    .hasMessage("refused t0");
        }
        assertThat(position()).isZero();
    }

    @Test
    void theHandlerIsClosedWithIt() {
        BadRecords policy = policy(new Handler(), 10);
        read(policy);
        policy.close();

        assertThat(happened).containsExactly("closed");
    }
}
