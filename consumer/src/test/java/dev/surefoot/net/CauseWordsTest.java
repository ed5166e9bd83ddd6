package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class CauseWordsTest {
    @Test
    void theWholeChainIsSaidAndNothingTwice() {
        Exception root = new IllegalStateException("no ticket");
        Exception middle = new RuntimeException(root);
        assertThat(CauseWords.of(new IOException("no channel", middle)))
                .isEqualTo("no channel: java.lang.IllegalStateException: no ticket");
    }

    @Test
    void anExceptionWithoutWordsIsSaidByItsClass() {
        assertThat(CauseWords.of(new IOException("no channel", new UnknownHostException())))
                .isEqualTo("no channel: UnknownHostException");
    }

    @Test
    void aRingEnds() {
        Exception one = new IOException("one");
        Exception two = new IOException("two", one);
        one.initCause(two);
        assertThat(CauseWords.of(one)).isEqualTo("one: two");
    }
}
