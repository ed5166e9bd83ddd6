package dev.surefoot.runtime;

import java.time.Duration;

/** A duration as people say it: its two largest units. */
final class DurationText {
    private DurationText() {}

    static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return join(seconds / 60, "min", seconds % 60, "s");
        }
        return join(seconds / 3_600, "h", seconds % 3_600 / 60, "min");
    }

    private static String join(long large, String unit, long small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
