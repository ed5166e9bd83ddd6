package dev.surefoot.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownKeysTest {

    private final UnknownKeys keys = new UnknownKeys(
            Set.of("fetch.min.bytes", "fetch.max.bytes", "surefoot.buffer.bytes"), List.of("surefoot.buffer.bytes"));

    @Test
    void keysThatAreReadOrKnownAreNothingToComplainOf() {
        assertThat(keys.complaint(Set.of())).isEmpty();
        assertThat(keys.complaint(Set.of("fetch.min.bytes"))).isEmpty();
    }

    @Test
    void keysOfConfigProvidersAndOfTheMetricsContextAreTheirs() {
        assertThat(keys.complaint(Set.of("config.providers", "config.providers.file.class", "metrics.context.env")))
                .isEmpty();
    }

    @Test
    void anUnreadKeyIsNamedAndTheLikelyOneSuggested() {
        assertThat(keys.complaint(Set.of("fetch.maximum.bytes", "fetch.mix.bytes", "schema.registry.url")))
                .hasValueSatisfying(complaint -> assertThat(complaint)
                        .contains("fetch.mix.bytes (did you mean fetch.max.bytes?)")
                        .contains("schema.registry.url.")
                        .contains("Correct or remove them"));
    }

    @Test
    void aWordThatIsMerelyOfTheSameLengthIsNoMistake() {
        assertThatCode(() -> keys.refuse(Set.of("schema.registry.url", "fetch.min.byte")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "'', abc, 3", "abc, '', 3", "kitten, sitting, 3", "flaw, lawn, 2", "same, same, 0"})
    void theDistanceIsTheNumberOfEdits(String from, String to, int edits) {
        assertThat(UnknownKeys.distance(from, to)).isEqualTo(edits);
        assertThat(UnknownKeys.distance(to, from)).isEqualTo(edits);
    }
}
