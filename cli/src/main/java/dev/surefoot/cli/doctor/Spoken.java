package dev.surefoot.cli.doctor;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times as they appear in reports. */
final class Spoken {

    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_MS = 60 * SECOND_MS;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    private Spoken() {}

    /** Returns a duration in the largest unit of which there are two. */
    static String duration(long ms) {
        if (ms < 2 * MINUTE_MS) {
            return Math.max(0, ms) / SECOND_MS + " s";
        }
        if (ms < 2 * HOUR_MS) {
            return ms / MINUTE_MS + " min";
        }
        return ms < 2 * DAY_MS ? ms / HOUR_MS + " h" : ms / DAY_MS + " days";
    }

    /** Returns a number with separators. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Returns a rate, in records a second. */
    static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 ? "%,.1f/s" : "%,.0f/s", perSecond);
    }

    /** Returns an instant, given in milliseconds since 1970, in the local time zone. */
    static String time(long ms) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).atZone(ZoneId.systemDefault()));
    }
}
