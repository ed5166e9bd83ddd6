package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HeldBackFetchesTest {
    private static final long MILLI = 1_000_000L;
    private static final int BROKER = 1;
    private static final Map<Integer, FetchDelay> WAITS = Map.of(BROKER, FetchDelay.NO_MEMORY);

    private final HeldBackFetches fetches = new HeldBackFetches();

    private boolean isHeldBack(long atMs) {
        return fetches.isHeldBack(BROKER, atMs * MILLI);
    }

    @Test
    void aLongWaitCountsAndForAWhileAfterItsEnd() {
        fetches.note(WAITS, 0);
        fetches.note(WAITS, 300 * MILLI);
        assertThat(isHeldBack(300)).isTrue();

        fetches.note(Map.of(), 400 * MILLI);

        assertThat(isHeldBack(1_800)).isTrue();
        assertThat(isHeldBack(1_900)).isFalse();
    }

    @Test
    void aWaitForTheAnswerOfAnotherBrokerDoesNotCount() {
        fetches.note(WAITS, 0);
        fetches.note(Map.of(), 100 * MILLI);
        fetches.note(WAITS, 200 * MILLI);
        fetches.note(Map.of(), 300 * MILLI);

        assertThat(isHeldBack(300)).isFalse();
        assertThat(fetches.waits(BROKER, 1_600 * MILLI)).isTrue();
        assertThat(fetches.waits(BROKER, 1_800 * MILLI)).isFalse();
    }

    @Test
    void aWaitForTheConnectionIsAnotherMatter() {
        Map<Integer, FetchDelay> connecting = Map.of(BROKER, new FetchDelay(FetchDelay.Reason.LINK_NOT_READY, null));
        fetches.note(connecting, 0);
        fetches.note(connecting, 2_000 * MILLI);

        assertThat(isHeldBack(2_000)).isFalse();
        assertThat(fetches.waits(BROKER, 2_000 * MILLI)).isFalse();
    }
}
