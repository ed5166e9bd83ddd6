package dev.surefoot.cli.consume;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times that {@code --from} and {@code --until} take.
 *
 * @param clock gives the current time and the local time zone
 */
record TimeText(Clock clock) {

    /** The forms of a time, for messages. */
    static final String FORMS = "a time (2026-01-31T10:00:00Z; in the local time zone 2026-01-31T10:00, 2026-01-31,"
            + " 10:00), a time from now (-10m, -2h30m, -1d) nor a timestamp in milliseconds (@1769853600000)";

    private static final Pattern TIMESTAMP = Pattern.compile("[se]?@(\\d+)");
    private static final Pattern FROM_NOW = Pattern.compile("([+-])((?:\\d+(?:ms|[smhdw]))+)");
    private static final Pattern AMOUNT = Pattern.compile("(\\d+)(ms|[smhdw])");

    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    /**
     * Reads a time, in milliseconds since 1970; nothing if the text has none of the forms.
     *
     * @throws DateTimeException if it has such a form, and there is no such time
     * @throws ArithmeticException if the time is too far away
     * @throws NumberFormatException if a number in it is too large
     */
    Optional<Long> parse(String text) {
        Matcher timestamp = TIMESTAMP.matcher(text);
        if (timestamp.matches()) {
            return Optional.of(Long.parseLong(timestamp.group(1)));
        }
        Matcher fromNow = FROM_NOW.matcher(text);
        if (fromNow.matches()) {
            Duration distance = durationOf(fromNow.group(2));
            Instant now = clock.instant();
            Instant then = fromNow.group(1).equals("-") ? now.minus(distance) : now.plus(distance);
            return Optional.of(then.toEpochMilli());
        }
        if (text.equals("now")) {
            return Optional.of(clock.millis());
        }
        ZonedDateTime time = withZone(text);
        if (time == null) {
            time = local(text);
        }
        return Optional.ofNullable(time).map(each -> each.toInstant().toEpochMilli());
    }

    /** Returns how a time without a zone was understood; nothing for any other text. */
    Optional<String> localNote(String text) {
        return Optional.ofNullable(local(text))
                .map(time -> "'" + text + "' is taken as " + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time)
                        + ", in the local time zone " + clock.getZone());
    }

    private static Duration durationOf(String amounts) {
        Duration sum = Duration.ZERO;
        Matcher amount = AMOUNT.matcher(amounts);
        while (amount.find()) {
            Duration unit = UNITS.getOrDefault(amount.group(2), Duration.ZERO);
            sum = sum.plus(unit.multipliedBy(Long.parseLong(amount.group(1))));
        }
        return sum;
    }

    private static @Nullable ZonedDateTime withZone(String text) {
        return firstOf(withT(text), List.of(each -> ZonedDateTime.parse(each)));
    }

    private @Nullable ZonedDateTime local(String text) {
        return firstOf(
                withT(text),
                List.of(
                        each -> LocalDateTime.parse(each).atZone(clock.getZone()),
                        each -> LocalDate.parse(each).atStartOfDay(clock.getZone()),
                        each -> LocalTime.parse(each)
                                .atDate(LocalDate.now(clock))
                                .atZone(clock.getZone())));
    }

    /** A date and a time are often written with a space between them. */
    private static String withT(String text) {
        return text.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:.*") ? text.replaceFirst(" ", "T") : text;
    }

    private static @Nullable ZonedDateTime firstOf(String text, List<Function<String, ZonedDateTime>> readings) {
        return readings.stream()
                .flatMap(reading -> attempt(text, reading).stream())
                .findFirst()
                .orElse(null);
    }

    private static Optional<ZonedDateTime> attempt(String text, Function<String, ZonedDateTime> reading) {
        try {
            return Optional.of(reading.apply(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
