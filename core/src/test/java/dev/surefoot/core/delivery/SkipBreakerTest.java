package dev.surefoot.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SkipBreakerTest {
    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final SkipBreaker breaker = new SkipBreaker(3);
    private long records;

    private void pass(TopicPartition partition, long nowNanos) {
        assertThat(breaker.refusal(partition, records, nowNanos)).isNull();
        breaker.passed(partition, records, nowNanos);
    }

    @Test
    void soManyInARowArePassedAndNoMore() {
        pass(A, 0);
        pass(B, 0);
        pass(A, 0);

        assertThat(breaker.refusal(B, records, 0))
                .isEqualTo("3 bad records or batches came in a row, without one good record between them");
    }

    @Test
    void aGoodRecordOfAnyPartitionEndsTheRow() {
        for (int i = 0; i < 20; i++) {
            pass(A, 0);
            pass(A, 0);
            pass(A, 0);
            records++;
        }
    }

    @Test
    void aGoodRecordDoesNotCloseWhatHasTripped() {
        for (int i = 0; i < 3; i++) {
            pass(A, 0);
        }
        assertThat(breaker.refusal(A, records, 0)).isNotNull();
        records++;

        assertThat(breaker.refusal(A, records, 0)).contains("in a row");
        assertThat(breaker.refusal(B, records, MINUTE * 600)).contains("in a row");
    }

    @Test
    void aHundredInAnHourEndItForTheirPartition() {
        for (int i = 0; i < 100; i++) {
            records++;
            pass(A, i);
        }
        records++;

        assertThat(breaker.refusal(A, records, 60 * MINUTE - 1))
                .isEqualTo("100 bad records or batches of t-0 came in one hour");
        assertThat(breaker.refusal(A, records, 600 * MINUTE)).contains("t-0");
        pass(B, 600 * MINUTE);
    }

    @Test
    void thoseOfEarlierHoursDoNotCount() {
        for (int i = 0; i < 1000; i++) {
            records++;
            pass(A, i * MINUTE);
        }
    }
}
