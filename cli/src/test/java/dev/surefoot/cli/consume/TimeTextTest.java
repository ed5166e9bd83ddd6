package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {

    private final TimeText times =
            new TimeText(Clock.fixed(Instant.parse("2026-07-15T12:00:00Z"), ZoneId.of("Europe/Prague")));

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T10:00:00Z, 2026-01-31T10:00:00Z",
        "2026-01-31T10:00+02:00, 2026-01-31T08:00:00Z",
        "2026-01-31 10:00Z, 2026-01-31T10:00:00Z",
        "2026-01-31T10:00:00.5, 2026-01-31T09:00:00.500Z",
        "2026-01-31T10:00, 2026-01-31T09:00:00Z",
        "2026-01-31 10:00:01, 2026-01-31T09:00:01Z",
        "2026-01-31, 2026-01-30T23:00:00Z",
        "10:30, 2026-07-15T08:30:00Z",
        "now, 2026-07-15T12:00:00Z",
        "-10m, 2026-07-15T11:50:00Z",
        "-30s, 2026-07-15T11:59:30Z",
        "-2h, 2026-07-15T10:00:00Z",
        "-2h30m, 2026-07-15T09:30:00Z",
        "-1d, 2026-07-14T12:00:00Z",
        "-1w, 2026-07-08T12:00:00Z",
        "-500ms, 2026-07-15T11:59:59.500Z",
        "+10m, 2026-07-15T12:10:00Z",
        "@1769853600000, 2026-01-31T10:00:00Z",
        "s@1769853600000, 2026-01-31T10:00:00Z",
        "e@1769853600000, 2026-01-31T10:00:00Z",
    })
    void everyFormIsUnderstood(String text, Instant expected) {
        assertThat(times.parse(text).map(Instant::ofEpochMilli)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-10", "-10x", "-m", "10m", "-10m5", "42", "yesterday", "2026", "2026-02-30", "25:00"})
    void whatIsNoTimeIsNotGuessedAt(String text) {
        assertThat(times.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@99999999999999999999", "-99999999999999999999m", "-9223372036854775807w"})
    void whatIsTooFarAwayIsAnError(String text) {
        assertThatThrownBy(() -> times.parse(text))
                .isInstanceOfAny(NumberFormatException.class, ArithmeticException.class);
    }

    @Test
    void aTimeWithoutAZoneIsToldAsItWasTaken() {
        assertThat(times.localNote("2026-01-31"))
                .contains("'2026-01-31' is taken as 2026-01-31T00:00:00+01:00, in the local time zone Europe/Prague");
        assertThat(times.localNote("10:30"))
                .contains("'10:30' is taken as 2026-07-15T10:30:00+02:00, in the local time zone Europe/Prague");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-31T10:00:00Z", "-10m", "now", "@5", "42", "end"})
    void nothingIsToldOfOtherForms(String text) {
        assertThat(times.localNote(text)).isEmpty();
    }
}
