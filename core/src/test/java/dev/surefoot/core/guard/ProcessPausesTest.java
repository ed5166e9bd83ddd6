package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.StallCause;
import org.junit.jupiter.api.Test;

class ProcessPausesTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long PATIENCE_NANOS = 20 * SECOND_NANOS;

    private final ProcessPauses pauses = new ProcessPauses();

    private boolean round(long seconds, long wallSeconds) {
        return pauses.look(seconds * SECOND_NANOS, wallSeconds * 1_000);
    }

    @Test
    void roundsThatComeInTimeShowNoPause() {
        for (int second = 0; second < 30; second++) {
            assertThat(round(second, 1_000 + second)).isFalse();
        }
        assertThat(pauses.within(PATIENCE_NANOS, 30 * SECOND_NANOS)).isEmpty();
    }

    @Test
    void aRoundThatIsLateShowsOneUntilThePatienceIsOver() {
        round(0, 1_000);

        assertThat(round(8, 1_008)).isTrue();

        assertThat(pauses.within(PATIENCE_NANOS, 20 * SECOND_NANOS))
                .hasValueSatisfying(pause -> assertThat(pause.cause()).isEqualTo(StallCause.PROCESS_PAUSED));
        assertThat(pauses.within(PATIENCE_NANOS, 28 * SECOND_NANOS)).isEmpty();
        assertThat(round(9, 1_009)).isFalse();
    }

    @Test
    void aWallClockThatJumpsShowsThatTheMachineSlept() {
        round(0, 1_000);
        assertThat(round(1, 30_000)).isTrue();
        assertThat(round(2, 20_000)).isTrue();
        assertThat(round(3, 20_001)).isFalse();
    }
}
