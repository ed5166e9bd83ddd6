package dev.surefoot.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static Backoff backoff(long initial, long max, long seed) {
        return new Backoff(initial, max, new SplittableRandom(seed));
    }

    @Test
    void delaysDoubleUpToTheBoundAndAreJitteredByAFifth() {
        Backoff backoff = backoff(100, 1_000, 3);
        long[] expected = {100, 200, 400, 800, 1_000, 1_000};
        for (int failures = 1; failures <= expected.length; failures++) {
            for (int i = 0; i < 1_000; i++) {
                long delay = backoff.delayNanos(failures);
                assertThat(delay)
                        .as("after %d failures", failures)
                        .isBetween((long) (expected[failures - 1] * 0.8), (long) (expected[failures - 1] * 1.2));
            }
        }
    }

    @Test
    void theJitterUsesItsWholeRange() {
        Backoff backoff = backoff(1_000, 1_000, 4);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            long delay = backoff.delayNanos(1);
            least = Math.min(least, delay);
            most = Math.max(most, delay);
        }
        assertThat(least).isLessThan(810);
        assertThat(most).isGreaterThan(1_190);
    }

    @Test
    void theSameSeedGivesTheSameDelays() {
        Backoff one = backoff(100, 1_000, 9);
        Backoff two = backoff(100, 1_000, 9);
        for (int i = 1; i < 50; i++) {
            assertThat(one.delayNanos(i)).isEqualTo(two.delayNanos(i));
        }
    }

    @Test
    void anyNumberOfFailuresKeepsTheBound() {
        assertThat(backoff(100_000_000, 1_000_000_000, 1).delayNanos(Integer.MAX_VALUE))
                .isBetween(800_000_000L, 1_200_000_000L);
    }

    @Test
    void aBoundBelowTheFirstDelayIsRaisedToIt() {
        assertThat(backoff(1_000, 10, 1).delayNanos(5)).isBetween(800L, 1_200L);
    }

    @Test
    void noDelayStaysNoDelay() {
        assertThat(backoff(0, 1_000, 1).delayNanos(10)).isZero();
    }
}
