package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a window remembers of answers that were read, and for how long. */
class AheadWindowOverTimeTest {
    private static final int MEBIBYTE = 1 << 20;

    private final AheadWindow window = new AheadWindow(64L * MEBIBYTE);

    private SizedAnswer answered(int bytes) {
        SizedAnswer answer = new SizedAnswer(bytes);
        window.answered(answer);
        return answer;
    }

    private boolean isFull(boolean applicationWaits) {
        window.update(applicationWaits);
        return window.isFull();
    }

    @Test
    void answersThatWereReadTakeUpNoRoom() {
        for (int i = 0; i < 20; i++) {
            answered(6 * MEBIBYTE).release();
        }
        assertThat(isFull(false)).isFalse();
        answered(6 * MEBIBYTE);
        assertThat(isFull(false)).isFalse();
        answered(6 * MEBIBYTE);

        assertThat(isFull(false)).isTrue();
    }

    @Test
    void oneAnswerThatStaysDoesNotHideThoseThatWereReadBehindIt() {
        answered(1 * MEBIBYTE);
        for (int i = 0; i < 2_000; i++) {
            answered(10_000).release();
        }

        assertThat(isFull(false)).isFalse();
    }

    @Test
    void theSizeOfALargeAnswerIsForgottenLittleByLittle() {
        answered(20 * MEBIBYTE).release();
        for (int i = 0; i < 8; i++) {
            answered(2 * MEBIBYTE);
        }
        assertThat(isFull(false))
                .as("16 MiB unread, soon after an answer of 20")
                .isFalse();

        for (int i = 0; i < 60; i++) {
            answered(2 * MEBIBYTE).release();
        }
        assertThat(isFull(false)).as("16 MiB unread, long after it").isTrue();
    }

    @Test
    void whatWasTooLittleOnceIsRememberedWithTheNextAnswers() {
        answered(6 * MEBIBYTE);
        answered(6 * MEBIBYTE);
        assertThat(isFull(false)).isTrue();
        assertThat(isFull(true)).isFalse();

        answered(1);
        assertThat(isFull(false)).isFalse();
    }

    @Test
    void whatWasTooLittleOnceIsForgottenInTheEnd() {
        answered(6 * MEBIBYTE);
        answered(6 * MEBIBYTE);
        assertThat(isFull(false)).isTrue();
        assertThat(isFull(true)).isFalse();
        for (int i = 0; i < 200; i++) {
            answered(6 * MEBIBYTE).release();
        }
        answered(1_000);

        assertThat(isFull(false)).isTrue();
    }

    @Test
    void anApplicationThatWaitsWithoutHavingBeenHeldUpWidensNothing() {
        answered(6 * MEBIBYTE);
        for (int i = 0; i < 5; i++) {
            assertThat(isFull(true)).isFalse();
        }
        answered(6 * MEBIBYTE);

        assertThat(isFull(false)).isTrue();
    }
}
