package dev.surefoot.net;

import dev.surefoot.core.time.Deadline;
import java.util.concurrent.TimeUnit;

/**
 * The time for which a broker throttles the client when a quota is exceeded (KIP-219). The broker does not read from
 * the connection meanwhile: a request sent then would only use up its own timeout. Owned by the loop's thread.
 */
final class Throttle {
    private long untilNanos = Deadline.NEVER;

    /** @param throttleTimeMs the field of that name in an answer, in milliseconds; 0 for no throttle */
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

    /** Returns when the throttle ends, or {@link Deadline#NEVER} if there is none. */
    long deadlineNanos() {
        return untilNanos;
    }
}
