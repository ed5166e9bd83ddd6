package dev.surefoot.net;

import dev.surefoot.core.time.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Lets each line through once in 30 s. Attempts to connect repeat many times a second, and a log that scrolls hides
 * what it says. Belongs to the loop's thread.
 */
final class RepeatLimit {
    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, Long> repeatAtNanos = new HashMap<>();

    /**
     * Asks to log a line, and takes note of it if that is granted.
     *
     * @param about what the line is about: lines with the same text here count as repeats of each other
     * @return false if such a line was granted less than 30 s ago
     */
    boolean grant(String about, long nowNanos) {
        repeatAtNanos.values().removeIf(repeatAt -> Deadline.passed(repeatAt, nowNanos));
        return repeatAtNanos.putIfAbsent(about, nowNanos + REPEAT_NANOS) == null;
    }
}
