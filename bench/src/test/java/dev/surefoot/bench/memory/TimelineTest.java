package dev.surefoot.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long MILLI = 1_000_000;
    private static final long PHASE_MILLIS = Pace.PHASE_NANOS / MILLI;

    @Test
    void anApplicationThatIsAtFullSpeedAtOnceHasNothingToRecoverFrom() {
        assertThat(phases(0, 100).recoveryMillis()).isZero();
    }

    @Test
    void theTimeUntilFullSpeedCountsFromTheEndOfTheSlowPhase() {
        assertThat(phases(120, 100).recoveryMillis()).isBetween(110.0, 120.0);
    }

    @Test
    void nineTenthsOfTheUsualSpeedAreFullSpeed() {
        assertThat(phases(120, 5).recoveryMillis()).isZero();
    }

    @Test
    void withoutAWholeFastPhaseThereIsNothingToSay() {
        Timeline timeline = new Timeline();
        timeline.add(10 * MILLI, 1_000);

        assertThat(timeline.recoveryMillis()).isZero();
    }

    @Test
    void theMedianIsTheMiddleOrBetweenTheTwoInTheMiddle() {
        assertThat(Timeline.median(new double[] {3, 1, 2})).isEqualTo(2);
        assertThat(Timeline.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
        assertThat(Timeline.median(new double[0])).isZero();
    }

    @Test
    void phasesBeginSlowAndAlternate() {
        assertThat(Pace.PHASES.restsAt(0)).isTrue();
        assertThat(Pace.PHASES.restsAt(Pace.PHASE_NANOS)).isFalse();
        assertThat(Pace.PHASES.restsAt(2 * Pace.PHASE_NANOS)).isTrue();
        assertThat(Pace.FAST.restsAt(0)).isFalse();
        assertThat(Pace.SLOW.restsAt(Pace.PHASE_NANOS)).isTrue();
    }

    /** Two slow phases and two fast ones, which lack so many percent of their speed at first. */
    private static Timeline phases(long lackingMillis, int lackingPercent) {
        Timeline timeline = new Timeline();
        for (long milli = 0; milli < 4 * PHASE_MILLIS; milli++) {
            long inPhase = milli % PHASE_MILLIS;
            boolean fast = milli / PHASE_MILLIS % 2 == 1;
            long full = fast && inPhase < lackingMillis ? 100 - lackingPercent : 100;
            timeline.add(milli * MILLI, fast ? full : 1);
        }
        return timeline;
    }
}
