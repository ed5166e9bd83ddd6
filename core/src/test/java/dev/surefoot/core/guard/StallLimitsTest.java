package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import org.junit.jupiter.api.Test;

class StallLimitsTest {
    private static final long PATIENCE_NANOS = GuardSettings.Timing.DEFAULT.patienceNanos();

    private final StallLimits limits = new StallLimits(
            new GuardSettings(GuardSettings.Timing.DEFAULT, 1 << 20, false, false, RecoveryLevel.CONNECTION));

    private Severity severity(StallCause cause, long ageNanos) {
        return limits.severity(
                new Conclusion(cause, new Scope.Client(), new Evidence.Offsets(Marks.UNKNOWN)), ageNanos);
    }

    @Test
    void aCauseCountsAsAStallWhenItsPatienceIsOver() {
        assertThat(severity(StallCause.LEADER_UNREACHABLE, PATIENCE_NANOS - 1)).isEqualTo(Severity.WAITING);
        assertThat(severity(StallCause.LEADER_UNREACHABLE, PATIENCE_NANOS)).isEqualTo(Severity.STALLED);
    }

    @Test
    void aMomentBetweenTwoStatesIsNoStallOfItsOwnHoweverLongTheTroubleBeforeLasted() {
        assertThat(severity(StallCause.STARTING, 100 * PATIENCE_NANOS)).isEqualTo(Severity.WAITING);
    }
}
