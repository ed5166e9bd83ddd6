package dev.surefoot.cli.doctor;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The open transaction that holds the last stable offset of a partition back.
 *
 * @param producerId the id of its producer
 * @param producerEpoch the epoch of its producer
 * @param startOffset the offset of its first record in the partition
 * @param lastTimestampMs the timestamp of its last record, by the clock of the producer
 * @param transactionalId its transactional id, if its coordinator knows one
 * @param state its state as the coordinator names it; empty if there is none
 * @param startedMs when it began, in milliseconds since 1970 by the clock of the coordinator
 * @param timeoutMs its timeout
 * @param overdue whether its timeout has passed by the clock of the coordinator; empty if that was not told
 * @param seenMs for how long it was seen open, in milliseconds
 * @param hanging whether nobody is left who ends it
 * @param missing the permission that would be needed to know more, if one is missing
 */
record OpenTransaction(
        long producerId,
        int producerEpoch,
        long startOffset,
        long lastTimestampMs,
        Optional<String> transactionalId,
        String state,
        OptionalLong startedMs,
        OptionalLong timeoutMs,
        Optional<Boolean> overdue,
        long seenMs,
        Hanging hanging,
        Optional<String> missing) {

    /** Whether nobody is left who ends a transaction. */
    enum Hanging {
        /** No coordinator knows it, asked twice. */
        YES,
        /** A coordinator knows it, and ends it at its timeout. */
        NO,
        /** Not told. */
        UNKNOWN
    }

    /** How often a coordinator looks for transactions whose timeout has passed. */
    static final long CLEAN_UP_MS = 10_000;

    /** The longest timeout that brokers allow by default, and the same padding as Kafka's own search for them. */
    private static final long TIMEOUT_UNKNOWN_MS = 20 * 60_000;

    /**
     * Returns whether it should have ended by now. Neither the clock of its producer nor that of this machine decides:
     * the coordinator does, or else how long it was seen open.
     */
    boolean isLate() {
        return overdue.orElse(seenMs >= timeoutMs.orElse(TIMEOUT_UNKNOWN_MS) + CLEAN_UP_MS);
    }

    /** Returns when its coordinator aborts it, in milliseconds since 1970. */
    OptionalLong endsAtMs() {
        return startedMs.isPresent() && timeoutMs.isPresent()
                ? OptionalLong.of(startedMs.getAsLong() + timeoutMs.getAsLong())
                : OptionalLong.empty();
    }

    /** Returns whether this is the same transaction of the same producer. */
    boolean isSameAs(OpenTransaction other) {
        return producerId == other.producerId
                && producerEpoch == other.producerEpoch
                && startOffset == other.startOffset;
    }

    /** Returns the same, seen open for so long, with this answer to whether it hangs. */
    OpenTransaction seenFor(long ms, Hanging answer) {
        return new OpenTransaction(
                producerId,
                producerEpoch,
                startOffset,
                lastTimestampMs,
                transactionalId,
                state,
                startedMs,
                timeoutMs,
                overdue,
                ms,
                answer,
                missing);
    }

    /** Returns the same with what its coordinator has told of its times. */
    OpenTransaction timed(OptionalLong started, long timeout, Optional<Boolean> late) {
        return new OpenTransaction(
                producerId,
                producerEpoch,
                startOffset,
                lastTimestampMs,
                transactionalId,
                state,
                started,
                OptionalLong.of(timeout),
                late,
                seenMs,
                hanging,
                missing);
    }

    /** Returns the command that aborts it, for who may alter the cluster. */
    String abortCommand(String topic, int partition) {
        return "kafka-transactions.sh abort --topic " + topic + " --partition " + partition + " --start-offset "
                + startOffset;
    }
}
