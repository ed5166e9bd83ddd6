package dev.surefoot.runtime;

import dev.surefoot.core.delivery.LastRecord;
import dev.surefoot.progress.TimeLag;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** How old the records are that an application has not read yet. */
final class TimeLags {
    /** A timestamp before this is none: Kafka was published in 2011. */
    private static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");

    /** Clocks of producers may go wrong by as much. */
    private static final Duration AHEAD_MAX = Duration.ofHours(1);

    private TimeLags() {}

    /**
     * The time lag of a partition that is not caught up.
     *
     * @param caughtUp when it was caught up last, or null if it never was
     */
    static TimeLag of(LastRecord last, @Nullable Instant caughtUp, Instant now) {
        Instant written = written(last, now);
        if (written == null && caughtUp == null) {
            return TimeLag.UNKNOWN;
        }
        if (written == null || (caughtUp != null && caughtUp.isAfter(written))) {
            return since(caughtUp, now, TimeLag.Basis.SINCE_CAUGHT_UP);
        }
        return since(
                written,
                now,
                last.type() == TimestampType.LOG_APPEND_TIME
                        ? TimeLag.Basis.LOG_APPEND_TIME
                        : TimeLag.Basis.PRODUCER_CLOCK);
    }

    private static @Nullable Instant written(LastRecord last, Instant now) {
        Instant written = Instant.ofEpochMilli(last.timestampMs());
        return written.isBefore(EARLIEST) || written.isAfter(now.plus(AHEAD_MAX)) ? null : written;
    }

    private static TimeLag since(@Nullable Instant then, Instant now, TimeLag.Basis basis) {
        Duration lag = then == null || then.isAfter(now) ? Duration.ZERO : Duration.between(then, now);
        return new TimeLag(Optional.of(lag), basis);
    }
}
