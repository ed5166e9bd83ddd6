package dev.surefoot.bench.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FlowBoardTest {

    private static final long PULSE_NANOS = 100;

    private long nowNanos = 1_000;
    private final FlowBoard board = new FlowBoard(4, () -> nowNanos);

    @Test
    void aGroupHasSettledWhenAllPartitionsFlowAndNothingHappens() {
        board.assigned(1, partitions(0, 1));
        board.assigned(2, partitions(2));
        deliver(0, 1, 2);
        assertThat(board.isSettled(2, 50)).as("3 has no owner").isFalse();
        board.assigned(2, partitions(3));
        nowNanos += 51;
        assertThat(board.isSettled(2, 50)).as("3 does not flow").isFalse();
        deliver(3);

        assertThat(board.isSettled(2, 50)).isTrue();
        assertThat(board.isSettled(2, 51)).as("a listener was called lately").isFalse();
        assertThat(board.isSettled(3, 50)).as("the third member owns nothing").isFalse();
    }

    @Test
    void aChangeLastsUntilTheLastPartitionThatMovedFlows() {
        settle();
        board.mark();
        long sinceNanos = nowNanos;
        nowNanos += 1_000_000;
        board.revoked(1, partitions(1));
        deliver(0, 2, 3);
        nowNanos += 1_000_000;
        board.assigned(3, partitions(1));
        nowNanos += 1_000_000;
        deliver(1);
        nowNanos += 5_000_000;
        deliver(0, 1, 2, 3);

        RebalanceFigures figures = board.figures(Change.JOIN, sinceNanos, 1_000_000, 7_000_000);

        assertThat(figures.change()).isEqualTo(Change.JOIN);
        assertThat(figures.flowingAgainMillis()).isEqualTo(3);
        assertThat(figures.assigned()).isEqualTo(1);
        assertThat(figures.kept()).isEqualTo(3);
        assertThat(figures.keptRecords()).isEqualTo(3);
        assertThat(figures.keptPart()).isEqualTo(0.333);
        assertThat(figures.keptPauseMillis())
                .as("a pause that has begun by then counts")
                .isEqualTo(7);
        assertThat(figures.usualPauseMillis()).isEqualTo(7);
    }

    @Test
    void aPartitionThatComesBackToItsOwnerIsKeptAndMustFlowAgain() {
        settle();
        board.mark();
        long sinceNanos = nowNanos;
        board.revoked(1, partitions(0, 1));
        board.revoked(2, partitions(2, 3));
        nowNanos += 2_000_000;
        board.assigned(1, partitions(0, 1));
        board.assigned(2, partitions(2, 3));
        nowNanos += 2_000_000;
        deliver(0, 1, 2, 3);

        RebalanceFigures figures = board.figures(Change.LEAVE, sinceNanos, PULSE_NANOS, 0);

        assertThat(figures.flowingAgainMillis()).isEqualTo(4);
        assertThat(figures.assigned()).isEqualTo(4);
        assertThat(figures.kept()).isEqualTo(4);
        assertThat(figures.keptPauseMillis()).isEqualTo(4);
    }

    @Test
    void aLateWordOfTheOldOwnerDoesNotTakeAPartitionFromTheNewOne() {
        settle();
        board.assigned(3, partitions(1));
        board.revoked(1, partitions(1));
        deliver(1);
        nowNanos += 10;

        assertThat(board.isSettled(3, 5)).isTrue();
    }

    @Test
    void aMemberElsewhereOwnsItsShareOfThePartitions() {
        settle();
        nowNanos += 6;
        assertThat(board.isSettledWithOther(2, 5)).as("it owns nothing").isFalse();
        board.revoked(1, partitions(1));
        nowNanos += 6;

        assertThat(board.isSettledWithOther(2, 5)).isTrue();
        assertThat(board.isSettled(2, 5)).isFalse();
        assertThat(board.isAnyOwned()).isTrue();
        assertThat(new FlowBoard(4, () -> nowNanos).isAnyOwned()).isFalse();
    }

    @Test
    void theLongestPauseIsThatOfAnyPartition() {
        settle();
        board.mark();
        nowNanos += 100;
        deliver(0, 1, 2);
        nowNanos += 30;
        deliver(3);
        nowNanos += 60;
        deliver(0);

        assertThat(board.longestPauseNanos()).isEqualTo(130);
    }

    /** Member 1 owns the partitions 0 and 1, member 2 the others, and all have delivered just now. */
    private void settle() {
        board.assigned(1, partitions(0, 1));
        board.assigned(2, partitions(2, 3));
        nowNanos += 10;
        deliver(0, 1, 2, 3);
    }

    private void deliver(int... partitions) {
        for (int each : partitions) {
            board.delivered(each, 1);
        }
    }

    private static List<TopicPartition> partitions(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(each -> new TopicPartition("rebalance", each))
                .toList();
    }
}
