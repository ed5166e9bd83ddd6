package dev.surefoot.cli.doctor;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration such as {@code 90s}, {@code 5m} or {@code 1h}, of at most a day. */
final class LookTime implements ITypeConverter<Duration> {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,6})([smh])");
    private static final Duration MAX = Duration.ofDays(1);

    /** Created by picocli. */
    LookTime() {}

    @Override
    public Duration convert(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no time such as 90s, 5m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration time =
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofHours(amount);
                };
        if (time.compareTo(MAX) > 0) {
            throw new TypeConversionException("'" + text + "' is longer than 24h; --watch looks until Ctrl-C");
        }
        return time;
    }
}
