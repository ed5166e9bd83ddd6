package dev.surefoot.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendScheduleTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void recordsAreDueAtEqualDistances() {
        SendSchedule schedule = new SendSchedule(1_000, 4);

        assertThat(schedule.dueNanos(0)).isEqualTo(1_000);
        assertThat(schedule.dueNanos(1)).isEqualTo(1_000 + SECOND / 4);
        assertThat(schedule.dueNanos(4)).isEqualTo(1_000 + SECOND);
    }

    @Test
    void aRateThatDoesNotDivideASecondStaysTrueForHours() {
        SendSchedule schedule = new SendSchedule(0, 7);

        assertThat(schedule.dueNanos(7L * 36_000)).isEqualTo(36_000 * SECOND);
    }

    @Test
    void theClockMayOverflowMeanwhile() {
        SendSchedule schedule = new SendSchedule(Long.MAX_VALUE - 5, 1);

        assertThat(schedule.dueNanos(1) - schedule.dueNanos(0)).isEqualTo(SECOND);
    }

    @Test
    void asManyRecordsAreDueInASecondAsTheRateSays() {
        SendSchedule schedule = new SendSchedule(0, 10_000);

        assertThat(schedule.recordsIn(3)).isEqualTo(30_000);
        assertThat(schedule.dueNanos(schedule.recordsIn(3))).isEqualTo(3 * SECOND);
    }
}
