package dev.surefoot.runtime;

import static dev.surefoot.runtime.LateTurn.GAP_NANOS_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LateTurnTest {
    private static final long SECOND = 1_000_000_000L;

    private final LateTurn late = new LateTurn();

    @Test
    void itIsWatchedFromTheFirstLookOn() {
        assertThat(late.look(100, 8_000).watchedNanos()).isZero();
        assertThat(late.look(100, 8_500).watchedNanos()).isEqualTo(500);
        assertThat(late.look(100, 9_000).watchedNanos()).isEqualTo(1_000);
        assertThat(late.look(100, 9_000).confirmedNanos()).isEqualTo(1_000);
    }

    /** The process may have been stopped once more between two looks. */
    @Test
    void aLongTimeBetweenTwoLooksProvesNoMoreThanAShortOne() {
        late.look(100, 8 * SECOND);

        LateTurn.Watch second = late.look(100, 18 * SECOND);
        assertThat(second.watchedNanos()).isEqualTo(10 * SECOND);
        assertThat(second.confirmedNanos()).isEqualTo(GAP_NANOS_MAX).isLessThan(SECOND);

        assertThat(late.look(100, 28 * SECOND).confirmedNanos())
                .as("two such times are proof enough")
                .isEqualTo(2 * GAP_NANOS_MAX)
                .isGreaterThan(SECOND);
    }

    @Test
    void anotherTurnIsWatchedAnew() {
        late.look(100, 8_000);

        assertThat(late.look(9_000, 20_000).watchedNanos()).isZero();
        assertThat(late.look(9_000, 20_700).watchedNanos()).isEqualTo(700);
        assertThat(late.look(9_000, 20_700).confirmedNanos()).isEqualTo(700);
    }

    @Test
    void aReaderWhoseTimeIsOlderHasWatchedForNoTime() {
        late.look(100, 8_000);

        assertThat(late.look(100, 7_990).watchedNanos()).isZero();
        assertThat(late.look(100, 7_990).confirmedNanos()).isZero();
    }
}
