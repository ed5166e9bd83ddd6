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
                ExpectedFailures.parse(List.of("# a comment", "", "FooTest#testBar | groups | commitSync"));

        assertThat(failures.all())
                .containsExactly(new ExpectedFailure("FooTest#testBar", ExpectedFailure.Reason.GROUPS, "commitSync"));
        assertThat(failures.of("FooTest#testBar")).isPresent();
        assertThat(failures.of("FooTest#testOther")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FooTest#testBar",
                "FooTest#testBar | groups",
                "FooTest#testBar | groups | ",
                "FooTest | groups | commitSync",
                "FooTest#testBar | mood | commitSync"
            })
    void aLineOfAnotherFormIsRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedFailures.parse(List.of(line)))
                .withMessageContaining(line);
    }

    @Test
    void aTestIsListedOnce() {
        String line = "FooTest#testBar | groups | commitSync";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedFailures.parse(List.of(line, line)))
                .withMessageContaining("FooTest#testBar is listed twice");
    }
}
