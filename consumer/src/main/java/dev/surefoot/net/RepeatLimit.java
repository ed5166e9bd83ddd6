package dev.surefoot.net;

import dev.surefoot.core.time.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Lets each line pass once in 30 s, since attempts to connect repeat many times a second. Owned by the loop's thread.
 */
final class RepeatLimit {
    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, Long> repeatAtNanos = new HashMap<>();

    /**
     * Asks to log a line, and notes the time if that is granted.
     *
     * @param about the subject of the line: lines with an equal subject are repeats of each other
     * @return false if such a line was granted less than 30 s ago
     */
    boolean grant(String about, long nowNanos) {
        repeatAtNanos.values().removeIf(repeatAt -> Deadline.passed(repeatAt, nowNanos));
        return repeatAtNanos.putIfAbsent(about, nowNanos + REPEAT_NANOS) == null;
    }
}
