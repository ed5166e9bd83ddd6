package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.time.Backoff;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JoinRetriesTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final JoinRetries retries = new JoinRetries(new Backoff(0, 0, new SplittableRandom(1)));

    @Test
    void aFourthJoinWaitsUntilTheFirstIs100MsAgoHoweverTheRoundsHaveEnded() {
        for (long atMs = 0; atMs < 30; atMs += 10) {
            assertThat(retries.isDue(atMs * MILLI)).isTrue();
            retries.sent(atMs * MILLI);
            retries.synced();
        }
        assertThat(retries.isDue(99 * MILLI)).isFalse();
        assertThat(retries.dueNanos()).isEqualTo(100 * MILLI);
        assertThat(retries.isDue(100 * MILLI)).isTrue();
        retries.sent(100 * MILLI);
        assertThat(retries.dueNanos()).isEqualTo(110 * MILLI);
    }
}
