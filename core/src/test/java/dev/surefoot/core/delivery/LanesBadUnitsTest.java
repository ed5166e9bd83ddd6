package dev.surefoot.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.delivery.UnreadableUnit.Reason;
import dev.surefoot.core.records.BatchFault;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;

/** What is passed over, and what comes before the position moves. */
class LanesBadUnitsTest {
    private final List<String> passed = new ArrayList<>();
    private final List<UnreadableUnit> units = new ArrayList<>();
    private final List<Long> taken = new ArrayList<>();
    private final Set<Long> refused = new HashSet<>();
    private RuntimeException thrownByPolicy;

    private final ServedLog log = new ServedLog(new BadUnitPolicy() {
        @Override
        public boolean mayPass() {
            return true;
        }

        @Override
        public void pass(UnreadableUnit unit, long recordsTaken) {
            passed.add(unit.fromOffset() + ".." + unit.toOffset() + " at " + log().position() + " after " + recordsTaken
                    + " of " + unit.reason());
            units.add(unit);
            if (thrownByPolicy != null) {
                throw thrownByPolicy;
            }
        }

        @Override
        public void forget(TopicPartition partition) {}
    });

    private ServedLog log() {
        return log;
    }

    private void take(TopicPartition partition, RecordCursor record) {
        if (refused.contains(record.offset())) {
            throw new RecordDeserializationException(
                    RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                    partition,
                    record.offset(),
                    record.timestamp(),
                    record.timestampType(),
                    null,
                    null,
                    null,
                    "refused",
                    null);
        }
        taken.add(record.offset());
    }

    private int poll(int most) {
        return log.lanes.poll(most, this::take);
    }

    private void fetchAndPoll(int times) {
        for (int i = 0; i < times; i++) {
            log.fetch(100);
            poll(100);
        }
    }

    @Test
    void aRefusedRecordIsPassedOverInPlace() {
        refused.add(1L);
        log.sound(3).fetch(9);

        assertThat(poll(9)).isEqualTo(2);
        assertThat(taken).containsExactly(0L, 2L);
        assertThat(passed).containsExactly("1..1 at 1 after 1 of RECORD_UNDESERIALIZABLE");
        assertThat(log.position()).isEqualTo(3);
        assertThat(log.holds()).isZero();
        assertThat(log.lanes.takeToFetch()).isEmpty();
    }

    @Test
    void thePositionOfAPollThatPassesOverEverythingIsTold() {
        refused.addAll(Set.of(0L, 1L));
        log.sound(2).fetch(9);

        assertThat(poll(9)).isZero();
        assertThat(log.lanes.takeAdvanced()).containsExactly(ServedLog.PARTITION);
        assertThat(log.position()).isEqualTo(2);
    }

    @Test
    void aUnitOfARecordHasItsBytes() {
        refused.add(0L);
        log.sound(1).fetch(9);
        poll(9);

        UnreadableUnit unit = units.get(0);
        assertThat(new String(Objects.requireNonNull(unit.value()))).isEqualTo(Batches.value(ServedLog.PARTITION, 0));
        assertThat(unit.key()).isNull();
        assertThat(unit.headers()).isEmpty();
        assertThat(unit.batch()).isNull();
        assertThat(unit.timestamp()).isZero();
    }

    @Test
    void whatThePolicyThrowsLeavesTheRecordForTheNextPoll() {
        refused.add(1L);
        log.sound(3).fetch(9);
        thrownByPolicy = new KafkaException("not now");

        assertThat(poll(9)).as("what lies before it").isEqualTo(1);
        assertThatThrownBy(() -> poll(9)).isSameAs(thrownByPolicy);
        assertThat(log.position()).isEqualTo(1);
        thrownByPolicy = null;
        poll(9);

        assertThat(taken).containsExactly(0L, 2L);
        assertThat(passed).hasSize(3).allMatch(each -> each.startsWith("1..1 at 1 after 1"));
    }

    @Test
    void aRefusalOfAnotherRecordIsAnErrorOfTheTaker() {
        log.sound(2).fetch(9);

        assertThatThrownBy(() -> log.lanes.poll(9, (partition, record) -> {
                    throw new RecordDeserializationException(
                            RecordDeserializationException.DeserializationExceptionOrigin.KEY,
                            partition,
                            record.offset() + 1,
                            0,
                            record.timestampType(),
                            null,
                            null,
                            null,
                            "of another",
                            null);
                }))
                .hasMessage("of another");
        assertThat(passed).isEmpty();
        assertThat(log.position()).isZero();
    }

    @Test
    void aDamagedBatchIsFetchedTwiceAndTheLogBehindItLookedAt() {
        log.sound(2).corrupt(3).sound(2);

        log.fetch(9);
        assertThat(poll(9)).isEqualTo(2);
        assertThat(passed).as("after the first fetch").isEmpty();
        log.fetch(9);
        assertThat(poll(9)).isZero();
        assertThat(passed).as("after the second").isEmpty();
        assertThat(log.position()).isEqualTo(2);
        log.fetch(9);
        assertThat(poll(9)).isEqualTo(2);

        assertThat(passed).containsExactly("2..4 at 2 after 2 of BATCH_CORRUPT");
        assertThat(taken).containsExactly(0L, 1L, 5L, 6L);
        assertThat(log.fetches).isEqualTo(3);
        assertThat(log.holds()).isZero();
    }

    @Test
    void aUnitOfABatchHasAllOfTheBatch() {
        log.corrupt(3);
        byte[] stored = new byte[log.batches.get(0).bytes().remaining()];
        log.batches.get(0).bytes().duplicate().get(stored);
        fetchAndPoll(2);

        assertThat(units.get(0).batch()).isEqualTo(stored);
        BatchFault fault = Objects.requireNonNull(units.get(0).fault());
        assertThat(fault.baseOffset()).isZero();
        assertThat(fault.lastOffset()).isEqualTo(2);
        assertThat(fault.checksumExpected()).isNotEqualTo(fault.checksumFound());
        assertThat(units.get(0).cause()).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aBatchThatIsSoundTheSecondTimeIsRead() {
        log.corrupt(3);
        log.fetch(9);
        poll(9);
        log.batches.clear();
        log.sound(3).fetch(9);

        assertThat(poll(9)).isEqualTo(3);
        assertThat(passed).isEmpty();
    }

    @Test
    void aBatchThatDiffersTheSecondTimeIsNotPassedOver() {
        log.corrupt(3);
        log.fetch(9);
        poll(9);
        Batches.corrupt(log.batches.get(0).bytes());
        log.fetch(9);

        assertThatThrownBy(() -> poll(9)).hasMessageContaining("with other bytes each time");
        assertThatThrownBy(() -> poll(9)).hasMessageContaining("with other bytes each time");
        assertThat(passed).isEmpty();
        assertThat(log.position()).isZero();
    }

    @Test
    void theLastBatchOfTheLogIsPassedOverWhenTheLogEndsWithIt() {
        log.sound(1).corrupt(2);
        fetchAndPoll(2);

        assertThat(passed).containsExactly("1..2 at 1 after 1 of BATCH_CORRUPT");
        assertThat(log.position()).isEqualTo(3);
        log.sound(2).fetch(9);
        assertThat(poll(9)).isEqualTo(2);
    }

    @Test
    void w17ABatchThatClaimsToEndAboveTheLogIsNotPassedOver() {
        log.sound(1).lying(2, 5);
        fetchAndPoll(1);
        log.fetch(9);

        assertThatThrownBy(() -> poll(9)).hasMessageContaining("seek by hand");
        assertThat(passed).isEmpty();
        assertThat(log.position()).isEqualTo(1);
    }

    @Test
    void w17ABatchThatClaimsTheOffsetsOfTheNextOneIsNotPassedOver() {
        log.lying(2, 3).sound(4).sound(4);
        log.fetch(9);

        assertThatThrownBy(() -> poll(9)).isInstanceOf(CorruptRecordException.class);
        log.fetch(9);
        assertThatThrownBy(() -> poll(9)).isInstanceOf(CorruptRecordException.class);
        assertThat(passed).isEmpty();
        assertThat(log.position()).isZero();
    }

    @Test
    void w17ALieThatOneAnswerDoesNotShowIsFoundByTheCountOfRecords() {
        log.lying(2, 3).sound(4).sound(4);
        log.fetch(1);
        poll(9);
        log.fetch(1);

        assertThatThrownBy(() -> poll(9)).hasMessageContaining("count of records");
        assertThat(passed).isEmpty();
    }

    @Test
    void w17ABrokerThatAnswersTheProbeWithTheBatchItselfRefutesItsEnd() {
        log.add(falselyShort()).sound(2);
        log.believesHeaders = false;
        fetchAndPoll(2);
        assertThat(passed).isEmpty();
        log.fetch(9);
        poll(9);
        log.fetch(9);

        assertThatThrownBy(() -> poll(9)).hasMessageContaining("does not go on where it claims to end");
        assertThatThrownBy(() -> poll(9)).hasMessageContaining("does not go on where it claims to end");
        assertThat(passed).isEmpty();
        assertThat(log.position()).isZero();
    }

    /** A batch of four records that says that it has two, in both places. */
    private ServedLog.Stored falselyShort() {
        ByteBuffer batch = Batches.of(ServedLog.PARTITION, 0, 4);
        batch.putInt(23, 1).putInt(57, 2);
        return log.stored(batch, 4, false);
    }

    @Test
    void aNewPositionInPlaceOfTheProbeLeavesTheDecisionToTheOldOne() {
        log.corrupt(2).sound(2);
        fetchAndPoll(2);
        log.positioned(0);
        poll(9);

        assertThat(log.position()).isZero();
        assertThat(passed).isEmpty();
        log.fetch(9);
        assertThatThrownBy(() -> poll(9)).hasMessageContaining("does not go on where it claims to end");
        log.seek(2);
        log.fetch(9);
        assertThat(poll(9)).isEqualTo(2);
    }

    @Test
    void whatThePolicyThrowsForABatchLeavesThePositionBeforeIt() {
        log.corrupt(2).sound(2);
        fetchAndPoll(2);
        thrownByPolicy = new KafkaException("not now");
        log.fetch(9);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> poll(9)).isSameAs(thrownByPolicy);
            assertThat(log.position()).isZero();
        }
        thrownByPolicy = null;
        assertThat(poll(9)).isEqualTo(2);
        assertThat(taken).containsExactly(2L, 3L);
    }

    @Test
    void aSeekEndsTheExamination() {
        log.corrupt(2).sound(4);
        fetchAndPoll(2);
        log.seek(4);
        log.fetch(9);

        assertThat(poll(9)).isEqualTo(2);
        assertThat(passed).isEmpty();
    }

    @Test
    void aBatchWithASoundChecksumIsPassedOverAtOnce() {
        ByteBuffer batch = Batches.of(ServedLog.PARTITION, CompressionType.GZIP, 0, 3, 0);
        for (int i = 65; i < 75; i++) {
            batch.put(i, (byte) 0x55);
        }
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(21, batch.limit() - 21));
        batch.putInt(17, (int) crc.getValue());
        log.add(log.stored(batch, 3, false)).sound(2);

        log.fetch(9);
        assertThat(poll(9)).isZero();
        assertThat(passed).containsExactly("0..2 at 0 after 0 of " + Reason.BATCH_UNDECOMPRESSABLE);
        assertThat(log.position()).isEqualTo(3);
        assertThat(log.lanes.takeAdvanced()).containsExactly(ServedLog.PARTITION);
        log.fetch(9);
        assertThat(poll(9)).isEqualTo(2);
    }

    @Test
    void aReaderOfCommittedRecordsGoesByTheLastStableOffset() {
        List<Long> last = new ArrayList<>();
        ServedLog committed = new ServedLog(
                new BadUnitPolicy() {
                    @Override
                    public boolean mayPass() {
                        return true;
                    }

                    @Override
                    public void pass(UnreadableUnit unit, long recordsTaken) {
                        last.add(unit.toOffset());
                    }

                    @Override
                    public void forget(TopicPartition partition) {}
                },
                true);
        committed.corrupt(2).sound(2);
        committed.lastStableOffset = 2;
        for (int i = 0; i < 2; i++) {
            committed.fetch(1);
            committed.lanes.poll(9, this::take);
        }

        assertThat(last).containsExactly(1L);
        assertThat(committed.position()).isEqualTo(2);
    }
}
