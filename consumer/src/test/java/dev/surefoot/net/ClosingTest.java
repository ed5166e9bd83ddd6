package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> closed = new ArrayList<>();

    private AutoCloseable part(String name, Throwable thrown) {
        return () -> {
            closed.add(name);
            if (thrown instanceof Error error) {
                throw error;
            } else if (thrown instanceof Exception exception) {
                throw exception;
            }
        };
    }

    @Test
    void partsAreClosedInTheirOrder() {
        Closing.all(List.of(part("a", null), part("b", null)));

        assertThat(closed).containsExactly("a", "b");
    }

    @Test
    void theFirstFailureCarriesTheOthers() {
        Error first = new AssertionError("first");
        RuntimeException second = new IllegalStateException("second");
        Exception third = new IOException("third");

        Throwable thrown = catchThrowable(() -> Closing.all(
                List.of(part("a", first), part("b", null), part("c", second), part("d", third), part("e", null))));

        assertThat(thrown).isSameAs(first).hasSuppressedException(second).hasSuppressedException(third);
        assertThat(closed).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aCheckedExceptionIsThrownWithinOneOfKafkas() {
        Exception checked = new IOException("checked");

        assertThat(catchThrowable(() -> Closing.all(List.of(part("a", checked)))))
                .isInstanceOf(KafkaException.class)
                .hasCause(checked);
    }

    @Test
    void whatIsThrownTwiceIsNotSuppressedInItself() {
        RuntimeException again = new IllegalStateException("again");

        assertThat(catchThrowable(() -> Closing.all(List.of(part("a", again), part("b", again)))))
                .isSameAs(again)
                .hasNoSuppressedExceptions();
        assertThat(closed).containsExactly("a", "b");
    }

    @Test
    void afterAFailureItCarriesAll() {
        RuntimeException failure = new IllegalStateException("failure");
        Error closing = new AssertionError("closing");

        Closing.after(failure, List.of(part("a", closing), part("b", null)));

        assertThat(failure).hasSuppressedException(closing);
        assertThat(closed).containsExactly("a", "b");
    }
}
