package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConsumerHeartbeatTimerTest {
    private static final long MS = 1_000_000;
    private static final long START = 10_000 * MS;

    private final ConsumerHeartbeatTimer timer = new ConsumerHeartbeatTimer(
            ConsumerWorld.settings(null, false).timing(), new Backoff(100 * MS, 1_000 * MS, new SplittableRandom(3)));

    @Test
    void nothingIsDueBeforeAJoin() {
        assertThat(timer.isDue(START)).isFalse();
        assertThat(timer.nextNanos()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void aJoinIsDueAtOnceOrAfterItsBackOff() {
        timer.start(0);
        assertThat(timer.isDue(START)).isTrue();

        timer.start(START + 50 * MS);
        assertThat(timer.isDue(START + 50 * MS - 1)).isFalse();
        assertThat(timer.isDue(START + 50 * MS)).isTrue();
    }

    @Test
    void theNextIsDueOneIntervalAfterTheLastWasSentNotAnswered() {
        timer.start(0);
        timer.sent(START);
        timer.answered(5_000, START);

        assertThat(timer.nextNanos()).isEqualTo(START + 5_000 * MS);

        timer.sent(START + 5_000 * MS);
        assertThat(timer.nextNanos()).isEqualTo(START + 10_000 * MS);
    }

    @Test
    void whatIsUrgentDoesNotWaitButNoFourthGoesOutInOneWindow() {
        timer.start(0);
        timer.sent(START);
        timer.answered(5_000, START);
        timer.hurry();
        assertThat(timer.isDue(START + MS)).isTrue();
        timer.sent(START + MS);
        timer.hurry();
        assertThat(timer.isDue(START + 2 * MS)).isTrue();
        timer.sent(START + 2 * MS);
        timer.hurry();

        assertThat(timer.nextNanos()).isEqualTo(START + ConsumerHeartbeatTimer.WINDOW_NANOS);
    }

    @Test
    void aShortIntervalIsStretchedToTheWindow() {
        timer.answered(1, START);

        assertThat(timer.nextNanos()).isEqualTo(START + ConsumerHeartbeatTimer.WINDOW_NANOS);
    }

    @Test
    void theFirstFailureIsRepeatedAtOnceIfItMayBeAndTheSecondIsNot() {
        timer.answered(5_000, START);
        timer.failed(false, START);
        assertThat(timer.isDue(START)).isTrue();

        timer.failed(false, START);
        assertThat(timer.isDue(START + 79 * 2 * MS)).isFalse();
        assertThat(timer.isDue(START + 121 * 2 * MS)).isTrue();
    }

    @Test
    void aBackOffHoldsWhatIsUrgentAsWell() {
        timer.answered(5_000, START);
        timer.failed(true, START);
        timer.hurry();

        assertThat(timer.nextNanos()).isBetween(START + 80 * MS, START + 120 * MS);
    }

    @Test
    void anAnswerEndsTheBackOff() {
        timer.failed(true, START);
        timer.failed(true, START);
        timer.answered(5_000, START);
        timer.hurry();
        assertThat(timer.isDue(START)).isTrue();

        timer.failed(false, START);
        assertThat(timer.isDue(START)).isTrue();
    }

    @Test
    void anEarlyCallIsDueOnceWhateverWasSentBefore() {
        timer.answered(5_000, START);
        timer.callEarly(START);
        timer.sent(START + 100 * MS);
        assertThat(timer.nextNanos()).isEqualTo(START + ConsumerHeartbeatTimer.EARLY_NANOS);

        timer.sent(START + ConsumerHeartbeatTimer.EARLY_NANOS);
        assertThat(timer.nextNanos()).isEqualTo(START + ConsumerHeartbeatTimer.EARLY_NANOS + 5_000 * MS);
    }

    @Test
    void aStoppedTimerIsNeverDue() {
        timer.answered(5_000, START);
        timer.callEarly(START);
        timer.hurry();
        timer.stop();

        assertThat(timer.nextNanos()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void anAnswerMayTakeTwoIntervalsAndNoLongerThanARequest() {
        assertThat(timer.timeoutNanos(0)).isEqualTo(30_000 * MS);
        timer.answered(5_000, START);
        assertThat(timer.timeoutNanos(0)).isEqualTo(10_000 * MS);
        timer.answered(20_000, START);
        assertThat(timer.timeoutNanos(0)).isEqualTo(30_000 * MS);
        timer.answered(100, START);
        assertThat(timer.timeoutNanos(0)).isEqualTo(1_000 * MS);
    }
}
