package dev.surefoot.progress;

import java.time.Duration;
import java.util.Optional;

/**
 * How old what the application has not read yet is, at most: the time since the last record that it has read was
 * written, or since it was caught up, whichever is less.
 *
 * @param value empty if neither is known
 * @param basis how it is known
 */
public record TimeLag(Optional<Duration> value, Basis basis) {
    /** How a time lag is known. */
    public enum Basis {
        /** All records that may be read were read, so it is zero. */
        CAUGHT_UP,
        /** By the timestamp of the last record, which its broker has set. */
        LOG_APPEND_TIME,
        /** By the timestamp of the last record, which its producer has set, and by that producer's clock. */
        PRODUCER_CLOCK,
        /** By the time at which the application was caught up. */
        SINCE_CAUGHT_UP,
        /** It is not known. */
        UNKNOWN
    }

    /** Nothing is known. */
    public static final TimeLag UNKNOWN = new TimeLag(Optional.empty(), Basis.UNKNOWN);

    /** All records that may be read were read. */
    public static final TimeLag NONE = new TimeLag(Optional.of(Duration.ZERO), Basis.CAUGHT_UP);
}
