package dev.surefoot.core.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The timestamps that brokers find places by (ListOffsets). */
class ResetStrategyTest {
    private static final long NOW_MILLIS = 10_000;

    @Test
    void startAndEndHaveTimestampsOfTheirOwn() {
        assertThat(new ResetStrategy.Earliest().timestamp(NOW_MILLIS)).isEqualTo(-2);
        assertThat(new ResetStrategy.Latest().timestamp(NOW_MILLIS)).isEqualTo(-1);
    }

    @Test
    void anAgeIsCountedBackFromNowAndNoFurtherThanTheEpoch() {
        assertThat(new ResetStrategy.ByDuration(Duration.ofSeconds(4)).timestamp(NOW_MILLIS))
                .isEqualTo(6_000);
        assertThat(new ResetStrategy.ByDuration(Duration.ofSeconds(11)).timestamp(NOW_MILLIS))
                .isZero();
    }

    @Test
    void withoutAStrategyThereIsNothingToLookUp() {
        assertThatIllegalStateException().isThrownBy(() -> new ResetStrategy.None().timestamp(NOW_MILLIS));
    }
}
