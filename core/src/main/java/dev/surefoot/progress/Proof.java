package dev.surefoot.progress;

import java.time.Duration;

/**
 * How a consumer knows where a partition ends.
 *
 * @param source who told it, and how
 * @param nodeId the broker that told it, or -1
 * @param age since it was told
 * @param standing whether it still holds: the session it was told in is live, and it is not older than the audit of
 *     sessions allows
 */
public record Proof(Source source, int nodeId, Duration age, boolean standing) {
    /** Where a proof is from. */
    public enum Source {
        /** Nobody has told anything yet. */
        NONE,
        /** The leader, in an answer to a fetch. */
        FETCH,
        /** A follower, in an answer to a fetch: the end of its own log. */
        FOLLOWER,
        /** The leader, in an answer to ListOffsets. */
        LIST_OFFSETS
    }

    /** Nothing is known. */
    public static final Proof NONE = new Proof(Source.NONE, -1, Duration.ZERO, false);
}
