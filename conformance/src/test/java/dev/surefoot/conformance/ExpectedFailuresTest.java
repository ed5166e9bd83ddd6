package dev.surefoot.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedFailuresTest {

    @Test
    void aLineNamesTheTestTheReasonAndWhatIsMissing() {
        ExpectedFailures failures =
                ExpectedFailures.parse(List.of("# a comment", "", "FooTest#testBar | internals | an id"));

        assertThat(failures.all())
                .containsExactly(new ExpectedFailure("FooTest#testBar", ExpectedFailure.Reason.INTERNALS, "an id"));
        assertThat(failures.of("FooTest#testBar")).isPresent();
        assertThat(failures.of("FooTest#testOther")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FooTest#testBar",
                "FooTest#testBar | internals",
                "FooTest#testBar | internals | ",
                "FooTest | internals | an id",
                "FooTest#testBar | mood | an id"
            })
    void aLineOfAnotherFormIsRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedFailures.parse(List.of(line)))
                .withMessageContaining(line);
    }

    @Test
    void aTestIsListedOnce() {
        String line = "FooTest#testBar | internals | an id";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedFailures.parse(List.of(line, line)))
                .withMessageContaining("FooTest#testBar is listed twice");
    }
}
