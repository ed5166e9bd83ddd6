package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AheadWindowTest {
    private static final int MEBIBYTE = 1 << 20;

    private final AheadWindow window = new AheadWindow(64L * MEBIBYTE);
    private final List<SizedAnswer> answers = new ArrayList<>();

    private void answered(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            SizedAnswer answer = new SizedAnswer(bytes);
            answers.add(answer);
            window.answered(answer);
        }
    }

    private void read(int index) {
        answers.get(index).release();
    }

    private boolean fullWhileBusy() {
        return full(window, false);
    }

    private static boolean full(AheadWindow window, boolean applicationWaits) {
        window.update(applicationWaits);
        return window.isFull();
    }

    @Test
    void aBusyApplicationHasOneAnswerWaitingBesideTheOneItReads() {
        answered(1, 6 * MEBIBYTE);
        assertThat(fullWhileBusy()).isFalse();
        answered(1, 6 * MEBIBYTE);
        assertThat(fullWhileBusy()).isTrue();

        read(0);
        assertThat(fullWhileBusy()).isFalse();
    }

    @Test
    void anApplicationThatHasNothingToReadIsNotKeptWaiting() {
        answered(5, 6 * MEBIBYTE);

        assertThat(fullWhileBusy()).isTrue();
        assertThat(full(window, true)).isFalse();
    }

    @Test
    void manySmallAnswersMayWait() {
        answered(100, 10_000);
        assertThat(fullWhileBusy()).isFalse();
        answered(900, 10_000);
        assertThat(fullWhileBusy()).isTrue();
    }

    @Test
    void answersMayBeReadInAnyOrder() {
        answered(4, 6 * MEBIBYTE);

        read(3);
        read(1);
        assertThat(fullWhileBusy()).isTrue();
        read(2);
        assertThat(fullWhileBusy()).isFalse();
    }

    @Test
    void theCountOfAnswersIsBoundedHoweverSmallTheyAre() {
        answered(1023, 100);
        assertThat(fullWhileBusy()).isFalse();
        answered(1, 100);
        assertThat(fullWhileBusy()).isTrue();
        read(500);
        assertThat(fullWhileBusy()).isFalse();
    }

    @Test
    void runningOutOfDataWhileAnAnswerIsKeptWidensTheWindow() {
        answered(2, 6 * MEBIBYTE);
        assertThat(fullWhileBusy()).isTrue();
        assertThat(full(window, true))
                .as("the rest of these belongs to a paused partition")
                .isFalse();

        assertThat(fullWhileBusy()).isFalse();
        answered(1, 6 * MEBIBYTE);
        assertThat(fullWhileBusy()).isTrue();
    }

    @Test
    void aSmallBudgetIsFullSooner() {
        AheadWindow small = new AheadWindow(MEBIBYTE);
        for (int i = 0; i < 26; i++) {
            assertThat(full(small, false)).isFalse();
            small.answered(new SizedAnswer(10_000));
        }
        small.answered(new SizedAnswer(10_000));

        assertThat(full(small, false)).isTrue();
    }
}
