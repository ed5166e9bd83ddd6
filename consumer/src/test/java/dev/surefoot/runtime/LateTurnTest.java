package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LateTurnTest {
    private final LateTurn late = new LateTurn();

    @Test
    void itIsWatchedFromTheFirstLookOn() {
        assertThat(late.watchedNanos(100, 8_000)).isZero();
        assertThat(late.watchedNanos(100, 8_500)).isEqualTo(500);
        assertThat(late.watchedNanos(100, 9_000)).isEqualTo(1_000);
    }

    @Test
    void anotherTurnIsWatchedAnew() {
        late.watchedNanos(100, 8_000);

        assertThat(late.watchedNanos(9_000, 20_000)).isZero();
        assertThat(late.watchedNanos(9_000, 20_700)).isEqualTo(700);
    }

    @Test
    void aReaderWhoseTimeIsOlderHasWatchedForNoTime() {
        late.watchedNanos(100, 8_000);

        assertThat(late.watchedNanos(100, 7_990)).isZero();
    }
}
