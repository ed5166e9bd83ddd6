package dev.surefoot.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.records.RecordCursor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * W17 in random logs with damaged batches, records that are refused, batches that lie about their ends, and a handler
 * that throws now and then: every sound record is delivered once, everything else is in one unit, and where a lie is in
 * the way reading stops before it.
 */
class LanesSkipExactnessTest {
    private static final int LOGS = 400;
    private static final int BATCHES_MAX = 12;
    private static final int STEPS_MAX = 600;

    private Random random = new Random();
    private final Set<Long> delivered = new HashSet<>();
    private final Set<Long> skipped = new HashSet<>();
    private final Set<Long> refused = new HashSet<>();
    private final Set<Long> sound = new HashSet<>();
    private long lastDelivered;
    private long before;

    private final class Policy implements BadUnitPolicy {
        @Override
        public boolean mayPass() {
            return true;
        }

        @Override
        public void pass(UnreadableUnit unit, long recordsTaken) {
            if (random.nextInt(4) == 0) {
                throw new KafkaException("the handler throws");
            }
            assertThat(unit.fromOffset()).as("units come in order").isGreaterThanOrEqualTo(before);
            before = unit.toOffset() + 1;
            for (long offset = unit.fromOffset(); offset <= unit.toOffset(); offset++) {
                assertThat(skipped.add(offset)).as("once: %d", offset).isTrue();
            }
        }

        @Override
        public void forget(TopicPartition partition) {}
    }

    private void take(TopicPartition partition, RecordCursor record) {
        long offset = record.offset();
        if (refused.contains(offset)) {
            throw new RecordDeserializationException(
                    RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                    partition,
                    offset,
                    0,
                    record.timestampType(),
                    null,
                    null,
                    null,
                    "refused",
                    null);
        }
        assertThat(offset).as("in order").isGreaterThan(lastDelivered);
        lastDelivered = offset;
        assertThat(delivered.add(offset)).as("once: %d", offset).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void w17EverySoundRecordOnceAndNothingPastALie(boolean lies) {
        long first = Long.getLong("surefoot.seed", System.nanoTime());
        int stuck = 0;
        for (long seed = first; seed < first + LOGS; seed++) {
            try {
                stuck += run(seed, lies) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dsurefoot.seed=" + seed, e);
            }
        }
        if (lies) {
            assertThat(stuck).as("logs in which a lie was in the way").isPositive();
        } else {
            assertThat(stuck).isZero();
        }
    }

    /** Reads one log to its end; returns whether reading has stopped before. */
    private boolean run(long seed, boolean lies) {
        random = new Random(seed);
        delivered.clear();
        skipped.clear();
        refused.clear();
        sound.clear();
        lastDelivered = -1;
        before = 0;
        ServedLog log = new ServedLog(new Policy());
        log.believesHeaders = random.nextBoolean();
        write(log, lies);
        List<KafkaException> thrown = new ArrayList<>();
        int step = 0;
        while (log.position() < log.end() && step++ < STEPS_MAX) {
            log.fetch(1 + random.nextInt(4));
            try {
                log.lanes.poll(1 + random.nextInt(9), this::take);
            } catch (KafkaException e) {
                thrown.add(e);
            }
        }
        boolean stuck = log.position() < log.end();
        if (stuck) {
            assertThat(thrown.get(thrown.size() - 1)).isInstanceOf(CorruptRecordException.class);
        }
        log.lanes.assign(List.of());
        assertThat(log.holds()).isZero();
        long end = Math.min(before > lastDelivered ? before : lastDelivered + 1, log.end());
        assertThat(sound.stream().filter(offset -> offset < end && !delivered.contains(offset)))
                .as("sound records below %d that were not delivered", end)
                .isEmpty();
        assertThat(sound.stream().filter(skipped::contains))
                .as("sound records that were passed over")
                .isEmpty();
        assertThat(stuck ? List.of() : refused).as("what is refused").allMatch(skipped::contains);
        return stuck;
    }

    private void write(ServedLog log, boolean lies) {
        int batches = 1 + random.nextInt(BATCHES_MAX);
        for (int i = 0; i < batches; i++) {
            int count = 1 + random.nextInt(5);
            int kind = random.nextInt(10);
            if (kind < 2) {
                log.corrupt(count);
            } else if (kind < 4 && lies) {
                log.lying(count, random.nextBoolean() ? 1 + random.nextInt(7) : -random.nextInt(count));
            } else {
                long from = log.end();
                log.sound(count);
                for (long offset = from; offset < from + count; offset++) {
                    boolean isRefused = random.nextInt(6) == 0;
                    (isRefused ? refused : sound).add(offset);
                }
            }
        }
    }
}
