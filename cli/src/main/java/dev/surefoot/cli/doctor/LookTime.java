package dev.surefoot.cli.doctor;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration such as {@code 90s}, {@code 5m} or {@code 1h}. */
final class LookTime implements ITypeConverter<Duration> {

    /** At most six digits: longer numbers do not fit the arithmetic in milliseconds, and nobody looks that long. */
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,6})([smh])");

    /** Created by picocli. */
    LookTime() {}

    @Override
    public Duration convert(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no time such as 90s, 5m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
