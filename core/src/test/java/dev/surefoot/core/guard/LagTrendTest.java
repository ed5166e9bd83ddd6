package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTrendTest {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private static LagTrend after(int seconds, int lagPerSecond, int waitsOfTen) {
        LagTrend trend = new LagTrend(1, 0);
        for (int second = 1; second <= seconds; second++) {
            trend.look(1 + (long) second * lagPerSecond, second % 10 < waitsOfTen, second * SECOND_NANOS);
        }
        return trend;
    }

    @Test
    void aLagGrowsOnlyAfterFiveMinutes() {
        assertThat(after(299, 5, 0).grows()).isFalse();
        assertThat(after(300, 5, 0).grows()).isTrue();
    }

    @Test
    void aLagThatStaysDoesNotGrow() {
        assertThat(after(3_600, 0, 0).grows()).isFalse();
    }

    @Test
    void theShareOfLooksIsThatOfTheLastMinutes() {
        assertThat(after(600, 5, 3).waitingPercent()).isBetween(28, 32);
        assertThat(after(600, 5, 10).waitingPercent()).isEqualTo(100);
    }

    @Test
    void aLagThatIsMadeGoodGrowsNoMore() {
        LagTrend trend = after(600, 5, 0);
        for (int second = 601; second <= 730; second++) {
            trend.look(10, false, second * SECOND_NANOS);
        }

        assertThat(trend.grows()).isFalse();
    }
}
