package dev.surefoot.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @Test
    void itReturnsTheFirstValueThereIs() {
        Iterator<Optional<String>> answers =
                List.of(Optional.<String>empty(), Optional.of("here")).iterator();
        assertThat(Await.value("an answer", Duration.ofSeconds(10), answers::next))
                .isEqualTo("here");
    }

    @Test
    void aConditionThatHoldsIsEnoughEvenWithNoTimeLeft() {
        Await.until("nothing", Duration.ZERO, () -> true);
    }

    @Test
    void aVainWaitSaysForWhat() {
        assertThatThrownBy(() -> Await.until("rain", Duration.ofMillis(1), () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rain");
    }

    @Test
    void aFailingConditionEndsTheWait() {
        assertThatThrownBy(() -> Await.until("a file", Duration.ofSeconds(10), () -> {
                    throw new IOException("no disk");
                }))
                .hasMessageContaining("a file")
                .hasRootCauseMessage("no disk");
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until("rest", Duration.ofSeconds(10), () -> false))
                .hasMessageContaining("Interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
