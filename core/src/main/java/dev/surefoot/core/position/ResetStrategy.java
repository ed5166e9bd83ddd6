package dev.surefoot.core.position;

import java.time.Duration;

/**
 * How a partition without a valid position finds one ({@code auto.offset.reset}, {@code seekToBeginning}, {@code
 * seekToEnd}).
 */
public sealed interface ResetStrategy {

    /** Whether this strategy looks an offset up; if not, the application has to seek. */
    default boolean findsOffset() {
        return true;
    }

    /**
     * The ListOffsets timestamp to look up.
     *
     * @param epochMillis the wall-clock time, in milliseconds since the epoch
     */
    long timestamp(long epochMillis);

    /** The strategy as {@code auto.offset.reset} names it. */
    String configValue();

    /** The log start. */
    record Earliest() implements ResetStrategy {
        @Override
        public long timestamp(long epochMillis) {
            return ListOffsetsQuery.EARLIEST;
        }

        @Override
        public String configValue() {
            return "earliest";
        }
    }

    /** The log end: the last stable offset under {@code read_committed}, else the high watermark. */
    record Latest() implements ResetStrategy {
        @Override
        public long timestamp(long epochMillis) {
            return ListOffsetsQuery.LATEST;
        }

        @Override
        public String configValue() {
            return "latest";
        }
    }

    /** The first record that is younger than {@code age} (KIP-1106); the log end if there is none. */
    record ByDuration(Duration age) implements ResetStrategy {
        @Override
        public long timestamp(long epochMillis) {
            return Math.max(0, epochMillis - age.toMillis());
        }

        @Override
        public String configValue() {
            return "by_duration:" + age;
        }
    }

    /** No offset: the application gets an exception and has to seek. */
    record None() implements ResetStrategy {
        @Override
        public boolean findsOffset() {
            return false;
        }

        @Override
        public long timestamp(long epochMillis) {
            throw new IllegalStateException("no reset strategy, so there is no offset to look up");
        }

        @Override
        public String configValue() {
            return "none";
        }
    }
}
