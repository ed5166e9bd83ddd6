package dev.surefoot.core.engine;

import dev.surefoot.core.time.Deadline;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When the engine is due for what, if nothing else happens: one moment for each kind. Owned by the loop's thread. */
final class Deadlines {
    /** What the engine can be due for by time alone. */
    enum Kind {
        /** A partition's back-off ends. */
        PARTITION_RETRY,
        /** The back-off of a question of the application ends. */
        QUESTION_RETRY,
        /** A broker's next fetch is due, or its empty session is to be closed. */
        FETCH,
        /** A partition's time with a preferred replica ends (KIP-392). */
        READ_REPLICA_EXPIRY,
        /** Metadata has grown too old, or the back-off of a refresh ends. */
        METADATA_REFRESH
    }

    private final EnumMap<Kind, Long> atNanos = new EnumMap<>(Kind.class);

    /** @param nanos a value of the clock, or {@link Deadline#NEVER} */
    void set(Kind kind, long nanos) {
        atNanos.put(kind, nanos);
    }

    /** The earliest moment, or {@link Deadline#NEVER}. */
    long earliestNanos() {
        long earliest = Deadline.NEVER;
        for (long at : atNanos.values()) {
            earliest = Math.min(earliest, at);
        }
        return earliest;
    }

    /** What is due at the earliest moment, or null if nothing is due by time. */
    @Nullable Kind earliest() {
        long earliest = earliestNanos();
        if (earliest == Deadline.NEVER) {
            return null;
        }
        for (Map.Entry<Kind, Long> each : atNanos.entrySet()) {
            if (each.getValue() == earliest) {
                return each.getKey();
            }
        }
        throw new IllegalStateException("the earliest of no deadlines: " + earliest);
    }
}
