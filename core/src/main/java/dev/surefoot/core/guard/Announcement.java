package dev.surefoot.core.guard;

import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Something to say about stalls. Times are nanoseconds of the loop's clock. Immutable.
 *
 * @param kind what is said, and to whom
 * @param stalling the stall
 * @param affected the partitions that stand still or stood still
 * @param sinceNanos since when they stand still
 * @param untilNanos until when they did, or the present time if they still do
 * @param next the cause that holds after the stall, or null if it still holds
 * @param heldBack how many stalls have had no line since the last line
 */
public record Announcement(
        Kind kind,
        Stalling stalling,
        Affected affected,
        long sinceNanos,
        long untilNanos,
        @Nullable StallCause next,
        long heldBack) {

    /** What is said, and to whom. */
    public enum Kind {
        /** A stall has begun, or begun again: for programs. */
        STALLED,
        /** A stall has ended: for programs. */
        ENDED,
        /** A stall that lasts, as a line for people. */
        LINE_OF_STALL,
        /** The end of a stall that had a line, as a line for people. */
        LINE_OF_END,
        /** A cause that is no stall and that people should know of, as a line. */
        LINE_OF_NOTE
    }

    /**
     * A stall of all partitions with one cause and scope, or of a consumer without partitions.
     *
     * @param episode the number of the stall, from 1; one that begins again within a minute keeps its number
     * @param hidden a further cause that this one masks, or null
     * @param flaps how often it has begun again
     */
    public record Stalling(
            long episode,
            StallCause cause,
            Severity severity,
            Scope scope,
            Evidence evidence,
            @Nullable StallCause hidden,
            int flaps) {}

    /**
     * The partitions of a stall.
     *
     * @param count how many there are, 0 for what concerns the consumer as a whole
     * @param names {@link #NAMES_MAX} of them at most
     * @param position the next offset that the application reads of the first, or -1
     */
    public record Affected(int count, List<TopicPartition> names, long position) {
        /** So many names fit into a line. */
        public static final int NAMES_MAX = 3;
    }
}
