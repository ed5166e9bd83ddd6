package dev.surefoot.net;

import dev.surefoot.core.engine.Answer;
import java.util.concurrent.TimeUnit;

/**
 * The silence that a broker asks for when a quota is used up (KIP-219). A broker does not read from the connection meanwhile:
 * a request sent all the same would only use up its own timeout.
 */
final class Throttle {
    private long until = Deadline.NEVER;

    void on(Answer answer, long nowNanos) {
        on(throttleTimeMs(answer), nowNanos);
    }

    /** @param throttleTimeMs the field of that name in the answer; 0 asks for nothing */
    void on(int throttleTimeMs, long nowNanos) {
        if (throttleTimeMs > 0) {
            until = nowNanos + TimeUnit.MILLISECONDS.toNanos(throttleTimeMs);
        }
    }

    void off() {
        until = Deadline.NEVER;
    }

    void expire(long nowNanos) {
        if (Deadline.passed(until, nowNanos)) {
            off();
        }
    }

    boolean isOn() {
        return until != Deadline.NEVER;
    }

    /** When the silence ends, or {@link Deadline#NEVER} if there is none. */
    long deadline() {
        return until;
    }

    private static int throttleTimeMs(Answer answer) {
        if (answer instanceof Answer.Fetch fetch) {
            return fetch.answer().throttleTimeMs();
        }
        if (answer instanceof Answer.Metadata metadata) {
            return metadata.answer().throttleTimeMs();
        }
        if (answer instanceof Answer.ListOffsets offsets) {
            return offsets.answer().throttleTimeMs();
        }
        if (answer instanceof Answer.OffsetForLeaderEpoch epochs) {
            return epochs.answer().throttleTimeMs();
        }
        throw new IllegalArgumentException("No throttle time is known for " + answer);
    }
}
