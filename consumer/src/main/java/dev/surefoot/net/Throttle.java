package dev.surefoot.net;

import dev.surefoot.core.time.Deadline;
import java.util.concurrent.TimeUnit;

/**
 * The silence that a broker asks for when a quota is used up (KIP-219). A broker does not read from the connection
 * meanwhile: a request sent all the same would only use up its own timeout.
 */
final class Throttle {
    private long untilNanos = Deadline.NEVER;

    /** @param throttleTimeMs the field of that name in an answer; 0 asks for nothing */
    void on(int throttleTimeMs, long nowNanos) {
        if (throttleTimeMs > 0) {
            untilNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(throttleTimeMs);
        }
    }

    void off() {
        untilNanos = Deadline.NEVER;
    }

    void expire(long nowNanos) {
        if (Deadline.passed(untilNanos, nowNanos)) {
            off();
        }
    }

    boolean isOn() {
        return untilNanos != Deadline.NEVER;
    }

    /** When the silence ends, or {@link Deadline#NEVER} if there is none. */
    long deadlineNanos() {
        return untilNanos;
    }
}
