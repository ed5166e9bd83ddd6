package dev.surefoot.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).contains(new Spread(4, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(Spread.of(List.of(9.0, 1.0, 4.0, 6.0))).contains(new Spread(5, 1, 9));
    }

    @Test
    void nothingMeasuredHasNoSpread() {
        assertThat(Spread.of(List.of())).isEmpty();
    }

    @Test
    void whatWasNotAlwaysMeasuredHasNoSpread() {
        assertThat(Spread.of(Arrays.asList(1.0, null, 2.0))).isEmpty();
    }
}
