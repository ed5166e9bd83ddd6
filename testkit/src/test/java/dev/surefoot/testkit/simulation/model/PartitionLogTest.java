package dev.surefoot.testkit.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.PartitionLog.EpochEnd;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionLogTest {
    private static final long NOBODY = -1;
    private static final long ONE = 1001;
    private static final long OTHER = 1002;

    private final PartitionLog log = new PartitionLog();
    private long lastWriteId;

    private LogBatch append(int records, long producerId) {
        return append(records, 0, producerId);
    }

    private LogBatch append(int records, int epoch, long producerId) {
        LogBatch batch = log.append(records, PartitionLog.PAYLOAD_BYTES, epoch, producerId, lastWriteId + 1);
        lastWriteId += records;
        return batch;
    }

    // Reading.

    @Test
    void aReadBeginsWithTheBatchThatHoldsTheOffset() {
        append(2, NOBODY);
        LogBatch second = append(3, NOBODY);
        assertThat(log.read(4, 5, 1000, false)).isEqualTo(second.bytes());
    }

    @Test
    void theLastBatchOfAReadIsCutWhereTheBytesEnd() {
        LogBatch first = append(2, NOBODY);
        append(2, NOBODY);
        int most = first.bytes().limit() + 7;
        assertThat(log.read(0, 4, most, false).remaining()).isEqualTo(most);
    }

    @Test
    void aFirstBatchThatIsTooLargeIsGivenWholeOrNotAtAll() {
        LogBatch first = append(2, NOBODY);
        append(2, NOBODY);
        assertThat(log.read(0, 4, 7, true)).isEqualTo(first.bytes());
        assertThat(log.read(0, 4, 0, true)).isEqualTo(first.bytes());
        assertThat(log.read(0, 4, 7, false).hasRemaining()).isFalse();
    }

    @Test
    void nothingIsReadFromWhatIsNotVisible() {
        append(2, NOBODY);
        LogBatch held = append(2, NOBODY);
        assertThat(log.read(0, held.baseOffset(), 1000, true).remaining())
                .isEqualTo(log.batches().get(0).bytes().limit());
        assertThat(log.read(2, held.baseOffset(), 1000, true).hasRemaining()).isFalse();
        assertThat(log.read(4, 4, 1000, true).hasRemaining()).isFalse();
    }

    // Watermarks and transactions.

    @Test
    void theHighWatermarkStaysWhileItIsHeld() {
        append(1, NOBODY);
        log.holdHighWatermark(true);
        append(1, NOBODY);
        assertThat(log.highWatermark()).isEqualTo(1);
        assertThat(log.endOffset()).isEqualTo(2);
        log.holdHighWatermark(false);
        assertThat(log.highWatermark()).isEqualTo(2);
    }

    @Test
    void theLastStableOffsetIsWhereTheFirstOpenTransactionBegan() {
        append(1, NOBODY);
        append(1, ONE);
        append(1, OTHER);
        assertThat(log.lastStableOffset()).isEqualTo(1);
        log.endTransaction(ONE, true, 0);
        assertThat(log.lastStableOffset()).isEqualTo(2);
        log.endTransaction(OTHER, false, 0);
        assertThat(log.lastStableOffset()).isEqualTo(log.highWatermark()).isEqualTo(5);
    }

    @Test
    void aTransactionIsOpenUntilTheHighWatermarkHasPassedItsMarker() {
        append(2, ONE);
        log.holdHighWatermark(true);
        log.endTransaction(ONE, true, 0);
        assertThat(log.highWatermark()).isEqualTo(2);
        assertThat(log.lastStableOffset()).isZero();
        log.holdHighWatermark(false);
        assertThat(log.lastStableOffset()).isEqualTo(3);
    }

    @Test
    void theLastStableOffsetFollowsTheLogStartToTheBatchItLiesIn() {
        append(1, ONE);
        append(3, NOBODY);
        log.deleteBefore(2);
        assertThat(log.lastStableOffset()).isEqualTo(1);
        log.deleteBefore(4);
        assertThat(log.lastStableOffset()).isEqualTo(4);
    }

    @Test
    void abortedTransactionsAreListedForWhatTheyOverlap() {
        append(2, ONE);
        append(1, NOBODY);
        log.endTransaction(ONE, false, 0);
        append(2, OTHER);
        log.endTransaction(OTHER, true, 0);
        List<AbortedTransaction> aborted = List.of(new AbortedTransaction(ONE, 0));
        assertThat(log.abortedWithin(0, 7)).isEqualTo(aborted);
        assertThat(log.abortedWithin(3, 7)).isEqualTo(aborted);
        assertThat(log.abortedWithin(4, 7)).isEmpty();
        assertThat(log.isAborted(log.batches().get(0))).isTrue();
        assertThat(log.isAborted(log.batches().get(1))).isFalse();
        assertThat(log.isAborted(log.batches().get(3))).isFalse();
    }

    @Test
    void aMarkerWithoutATransactionEndsNothing() {
        append(1, NOBODY);
        log.endTransaction(ONE, false, 0);
        assertThat(log.abortedWithin(0, 2)).isEmpty();
        assertThat(log.lastStableOffset()).isEqualTo(2);
    }

    @Test
    void whatAReaderSeesFirstDependsOnItsIsolation() {
        append(1, ONE);
        log.endTransaction(ONE, false, 0);
        append(1, NOBODY);
        append(1, OTHER);
        assertThat(log.firstVisible(0, false)).isEqualTo(new LogRecord(0, 1));
        assertThat(log.firstVisible(0, true)).isEqualTo(new LogRecord(2, 2));
        assertThat(log.firstVisible(3, false)).isEqualTo(new LogRecord(3, 3));
        assertThat(log.firstVisible(3, true)).isNull();
    }

    // Retention and truncation.

    @Test
    void retentionKeepsTheBatchThatTheLogStartLiesIn() {
        append(2, NOBODY);
        append(3, NOBODY);
        log.deleteBefore(3);
        assertThat(log.startOffset()).isEqualTo(3);
        assertThat(log.batches()).hasSize(1);
        assertThat(log.firstVisible(0, false)).isEqualTo(new LogRecord(3, 4));
    }

    @Test
    void retentionNeitherPassesTheHighWatermarkNorGoesBack() {
        append(2, NOBODY);
        log.holdHighWatermark(true);
        append(2, NOBODY);
        log.deleteBefore(4);
        assertThat(log.startOffset()).isEqualTo(2);
        log.deleteBefore(1);
        assertThat(log.startOffset()).isEqualTo(2);
    }

    @Test
    void truncationTakesWholeBatches() {
        append(2, NOBODY);
        append(3, NOBODY);
        assertThat(log.truncateTo(3)).isEqualTo(2);
        assertThat(log.endOffset()).isEqualTo(2);
        assertThat(log.highWatermark()).isEqualTo(2);
        assertThat(append(1, NOBODY).baseOffset()).isEqualTo(2);
    }

    @Test
    void truncationReopensATransactionWhoseMarkerItTakes() {
        append(2, ONE);
        log.endTransaction(ONE, false, 0);
        log.truncateTo(2);
        assertThat(log.hasOpenTransaction(ONE)).isTrue();
        assertThat(log.abortedWithin(0, 2)).isEmpty();
        log.truncateTo(0);
        assertThat(log.openProducers()).isEmpty();
        assertThat(log.endOffset()).isZero();
    }

    // Compaction.

    @Test
    void compactionLeavesOffsetsAndMarkersAndRemovesEmptyBatches() {
        append(3, NOBODY);
        append(2, NOBODY);
        append(1, ONE);
        log.endTransaction(ONE, true, 0);
        append(1, NOBODY);
        log.compact(record -> record.offset() != 1);
        assertThat(log.batches()).extracting(LogBatch::baseOffset).containsExactly(0L, 6L, 7L);
        assertThat(log.batches().get(0).lastOffset()).isEqualTo(2);
        assertThat(log.batches().get(0).records()).containsExactly(new LogRecord(1, 2));
        assertThat(log.batches().get(2).records()).isEmpty();
        assertThat(log.endOffset()).isEqualTo(8);
        ByteBuffer behindTheGap = log.read(3, 8, 1000, false);
        assertThat(behindTheGap.getLong(0)).isEqualTo(6);
    }

    @Test
    void compactionSparesOpenTransactionsAndWhatFollowsThem() {
        append(1, NOBODY);
        append(1, ONE);
        append(1, NOBODY);
        log.compact(record -> true);
        assertThat(log.batches()).extracting(LogBatch::baseOffset).containsExactly(1L, 2L);
    }

    // Leader epochs.

    @Test
    void anEpochEndsWhereTheNextOneBegins() {
        log.beginEpoch(0);
        append(3, 0, NOBODY);
        log.beginEpoch(2);
        append(2, 2, NOBODY);
        assertThat(log.endOf(0)).contains(new EpochEnd(0, 3));
        assertThat(log.endOf(1)).contains(new EpochEnd(0, 3));
        assertThat(log.endOf(2)).contains(new EpochEnd(2, 5));
        assertThat(log.endOf(3)).isEmpty();
        assertThat(log.epochAt(2)).isZero();
        assertThat(log.epochAt(3)).isEqualTo(2);
        assertThat(log.epochAt(5)).isEqualTo(2);
    }

    @Test
    void anEpochInWhichNothingWasWrittenLeavesNoTrace() {
        log.beginEpoch(0);
        append(1, 0, NOBODY);
        log.beginEpoch(1);
        log.beginEpoch(2);
        assertThat(log.endOf(1)).contains(new EpochEnd(0, 1));
        assertThat(log.endOf(2)).contains(new EpochEnd(2, 1));
    }
}
