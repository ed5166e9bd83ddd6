package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LateTurnsTest {
    private static final long MILLI = 1_000_000L;

    private final LateTurns turns = new LateTurns();

    @Test
    void whatComesAfterThePlannedWaitIsLate() {
        turns.plan(300 * MILLI, 0);

        assertThat(turns.take(3_000 * MILLI)).isEqualTo(2_700 * MILLI);
    }

    @Test
    void aTurnWaitsASecondAtMost() {
        turns.plan(Long.MAX_VALUE, 0);

        assertThat(turns.take(3_000 * MILLI)).isEqualTo(2_000 * MILLI);
    }

    @Test
    void aDeadlineThatIsOverMeansThatNoWaitIsPlanned() {
        turns.plan(-5_000 * MILLI, 0);

        assertThat(turns.take(800 * MILLI)).isEqualTo(800 * MILLI);
    }

    @Test
    void aLatenessIsToldOnce() {
        turns.plan(0, 0);
        turns.take(3_000 * MILLI);

        assertThat(turns.take(3_000 * MILLI)).isZero();
    }

    @Test
    void aLittleLatenessIsOrdinary() {
        turns.plan(0, 0);

        assertThat(turns.take(500 * MILLI)).isZero();
    }

    @Test
    void theFirstTurnIsNotLate() {
        assertThat(turns.take(5_000 * MILLI)).isZero();
    }
}
