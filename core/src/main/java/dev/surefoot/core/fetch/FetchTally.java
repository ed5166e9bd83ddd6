package dev.surefoot.core.fetch;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.Verdict;

/**
 * A snapshot of the counts of fetches since the consumer was created. Counts only grow; each event gives a new tally.
 * Immutable, so any thread may read it.
 */
public record FetchTally(Answered answered, Troubled troubled, Traffic traffic) {
    private static final int REQUEST_ENTRY_BYTES = 33;
    private static final int RESPONSE_ENTRY_BYTES = 37;

    /** The tally of a new consumer: all counts are 0. */
    public static final FetchTally NOTHING =
            new FetchTally(new Answered(0, 0, 0), new Troubled(0, 0, 0, 0), new Traffic(0, 0, 0));

    /**
     * @param full answered requests that listed every wanted partition
     * @param incremental answered requests that listed only what had changed
     * @param sessionsOpened sessions that brokers granted
     */
    public record Answered(long full, long incremental, long sessionsOpened) {
        private Answered plus(FetchPlan plan, Verdict verdict) {
            boolean isFull = plan.kind() != FetchPlan.Kind.INCREMENTAL;
            boolean opened = verdict.outcome() == Verdict.Outcome.OPENED;
            return new Answered(
                    full + (isFull ? 1 : 0), incremental + (isFull ? 0 : 1), sessionsOpened + (opened ? 1 : 0));
        }
    }

    /**
     * @param refused requests that brokers refused as a whole, for example because the session was evicted
     * @param mismatched answers that contradicted what the broker had been told
     * @param doubtedPartitions partitions in accepted answers whose data was doubted
     * @param failed requests that ended without an answer
     */
    public record Troubled(long refused, long mismatched, long doubtedPartitions, long failed) {
        private Troubled plus(Verdict verdict) {
            return switch (verdict.kind()) {
                case ACCEPTED ->
                    new Troubled(
                            refused,
                            mismatched,
                            doubtedPartitions + verdict.doubts().size(),
                            failed);
                case REFUSED -> new Troubled(refused + 1, mismatched, doubtedPartitions, failed);
                case SESSION_MISMATCH -> new Troubled(refused, mismatched + 1, doubtedPartitions, failed);
                case IGNORED -> this;
            };
        }

        private Troubled plusFailed() {
            return new Troubled(refused, mismatched, doubtedPartitions, failed + 1);
        }
    }

    /**
     * Bytes on the wire of answered fetches.
     *
     * @param requestBytes the bytes of the requests
     * @param responseBytes the bytes of the responses
     * @param savedBytes the bytes that the incremental fetches would have cost more as full ones
     */
    public record Traffic(long requestBytes, long responseBytes, long savedBytes) {
        /** The sums of both. */
        Traffic plus(Traffic other) {
            return new Traffic(
                    requestBytes + other.requestBytes,
                    responseBytes + other.responseBytes,
                    savedBytes + other.savedBytes);
        }
    }

    /**
     * The bytes that an incremental exchange saves: the fixed-size entries of the partitions that request and response
     * leave out (33 and 37 bytes each in v13). Topic names and ids are not counted.
     *
     * @param wanted the number of partitions that a full request would have listed
     * @param answered the number of partitions in the answer
     */
    static long savedBytes(FetchPlan plan, Verdict verdict, int wanted, int answered) {
        if (plan.kind() != FetchPlan.Kind.INCREMENTAL || verdict.kind() != Verdict.Kind.ACCEPTED) {
            return 0;
        }
        return (long) REQUEST_ENTRY_BYTES
                        * Math.max(0, wanted - plan.partitions().size())
                + (long) RESPONSE_ENTRY_BYTES * Math.max(0, wanted - answered);
    }

    /** A tally with one more answered request. */
    FetchTally plusAnswered(FetchPlan plan, Verdict verdict, Traffic exchanged) {
        return new FetchTally(answered.plus(plan, verdict), troubled.plus(verdict), traffic.plus(exchanged));
    }

    /** A tally with one more request that ended without an answer. */
    FetchTally plusFailed() {
        return new FetchTally(answered, troubled.plusFailed(), traffic);
    }

    /** Sessions that brokers granted. */
    public long sessionsOpened() {
        return answered.sessionsOpened();
    }

    /** Answered requests that listed every wanted partition. */
    public long fullFetches() {
        return answered.full();
    }

    /** Answered requests that listed only what had changed. */
    public long incrementalFetches() {
        return answered.incremental();
    }

    /** Requests that brokers refused as a whole, for example because the session was evicted. */
    public long refusedFetches() {
        return troubled.refused();
    }

    /** Answers that contradicted what the broker had been told. */
    public long mismatchedFetches() {
        return troubled.mismatched();
    }

    /** Partitions in accepted answers whose data was doubted. */
    public long doubtedPartitions() {
        return troubled.doubtedPartitions();
    }

    /** Requests that ended without an answer. */
    public long failedFetches() {
        return troubled.failed();
    }

    /** Bytes of answered Fetch requests on the wire. */
    public long requestBytes() {
        return traffic.requestBytes();
    }

    /** Bytes of Fetch responses on the wire. */
    public long responseBytes() {
        return traffic.responseBytes();
    }

    /** Bytes that the same incremental fetches would have cost more as full ones. */
    public long savedBytes() {
        return traffic.savedBytes();
    }
}
