package dev.surefoot.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.time.Backoff;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetadataRefreshTest {
    private static final long MAX_AGE = 300_000;

    private final MetadataRefresh refresh =
            new MetadataRefresh(MAX_AGE, new Backoff(100, 1_000, new SplittableRandom(1)));

    @Test
    void theFirstMetadataIsDueAtOnce() {
        assertThat(refresh.due(0)).isTrue();
    }

    @Test
    void oneRequestAtATimeIsEnough() {
        refresh.sent();
        refresh.request();

        assertThat(refresh.due(1_000_000)).isFalse();
        assertThat(refresh.nextDue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void metadataIsDueAgainWhenItHasAged() {
        refresh.sent();
        refresh.answered(true, 50);

        assertThat(refresh.due(MAX_AGE + 49)).isFalse();
        assertThat(refresh.due(MAX_AGE + 50)).isTrue();
    }

    @Test
    void whoeverAsksGetsItAfterAPauseSinceTheLastAnswer() {
        refresh.sent();
        refresh.answered(true, 50);
        refresh.request();

        assertThat(refresh.due(50 + 79)).isFalse();
        assertThat(refresh.due(50 + 121)).isTrue();
    }

    @Test
    void aRequestMadeDuringAnExchangeIsNotForgotten() {
        refresh.sent();
        refresh.request();
        refresh.answered(true, 50);

        assertThat(refresh.due(50 + 121)).isTrue();
    }

    @Test
    void answersThatDoNotSatisfyAreRepeatedEverMoreSlowly() {
        long now = 0;
        long pause = 0;
        for (int i = 0; i < 4; i++) {
            refresh.sent();
            refresh.answered(false, now);
            long next = refresh.nextDue();
            assertThat(next - now).isGreaterThan(pause);
            pause = next - now;
            now = next;
        }
        refresh.sent();
        refresh.answered(true, now);
        assertThat(refresh.nextDue()).isEqualTo(now + MAX_AGE);
    }

    @Test
    void failuresAreRepeatedEverMoreSlowlyUpToABound() {
        long now = 0;
        for (int i = 0; i < 20; i++) {
            refresh.sent();
            refresh.failed(now);
            assertThat(refresh.nextDue() - now).isBetween(80L, 1_200L);
            now = refresh.nextDue();
            assertThat(refresh.due(now)).isTrue();
        }
    }
}
