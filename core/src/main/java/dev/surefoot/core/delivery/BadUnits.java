package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.records.BatchFault;
import dev.surefoot.core.records.RecordCursor;
import dev.surefoot.core.records.UnreadableBatch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.jspecify.annotations.Nullable;

/**
 * Passes over what the application cannot read, where its policy allows that. A record is passed over in place.
 * Behind a batch the partition is fetched anew, because the aborted transactions of the old answer may end in that
 * batch. A batch whose last offset no sound checksum covers is examined first, see {@link BatchExamination}. Owned by
 * the application's thread.
 */
final class BadUnits {
    private final BadUnitPolicy policy;
    private final boolean readCommitted;
    private final LongSupplier nextGeneration;
    private final Map<TopicPartition, Yielded> toFetch = new LinkedHashMap<>();

    /** @param nextGeneration gives each generation once */
    BadUnits(BadUnitPolicy policy, boolean readCommitted, LongSupplier nextGeneration) {
        this.policy = policy;
        this.readCommitted = readCommitted;
        this.nextGeneration = nextGeneration;
    }

    /** What has come of a failure. */
    enum Outcome {
        /** It is not about a unit that can be passed over: poll throws it. */
        NOT_PASSED,
        /** The position is behind the record, and the next record may be read. */
        RECORD_PASSED,
        /** The position is behind the batch; the data behind it is being fetched. */
        BATCH_PASSED,
        /** Nothing has moved; data is being fetched that will decide. */
        EXAMINING
    }

    /**
     * Handles what reading of a lane has thrown.
     *
     * @param recordsTaken how many records the application has taken so far
     * @throws RuntimeException what poll is to throw instead; nothing has moved then
     */
    Outcome failed(Lane lane, Throwable thrown, long recordsTaken) {
        if (!policy.mayPass()) {
            return Outcome.NOT_PASSED;
        }
        RecordCursor cursor = lane.cursor();
        if (thrown instanceof RecordDeserializationException refusal && isAbout(lane, cursor, refusal)) {
            RecordCursor at = Objects.requireNonNull(cursor, "at a record");
            policy.pass(UnreadableUnit.record(lane.partition(), at, refusal), recordsTaken);
            if (at.equals(lane.cursor())) { // unless the handler has moved the partition
                lane.passOver(at);
            }
            return Outcome.RECORD_PASSED;
        }
        if (cursor != null && !cursor.isAtRecord() && thrown instanceof UnreadableBatch unreadable) {
            return failed(lane, (KafkaException) thrown, unreadable.fault(), recordsTaken);
        }
        return Outcome.NOT_PASSED;
    }

    private static boolean isAbout(Lane lane, @Nullable RecordCursor cursor, RecordDeserializationException refusal) {
        return cursor != null
                && cursor.isAtRecord()
                && cursor.offset() == refusal.offset()
                && lane.partition().equals(refusal.topicPartition());
    }

    private Outcome failed(Lane lane, KafkaException cause, BatchFault fault, long recordsTaken) {
        FetchPosition position = lane.position();
        if (position == null || !lane.canBeFetchedAgain()) {
            return Outcome.NOT_PASSED;
        }
        FetchPosition behind = FetchPosition.at(fault.lastOffset() + 1);
        if (fault.endIsSound()) {
            policy.pass(unit(lane, cause, fault), recordsTaken);
            restart(lane, behind, behind, null);
            return Outcome.BATCH_PASSED;
        }
        BatchExamination examination = lane.examination();
        if (examination == null || !examination.isAt(fault)) {
            restart(lane, position, position, BatchExamination.refetched(fault));
            return Outcome.EXAMINING;
        }
        long readableEnd = BatchExamination.readableEnd(lane.watermarks(), readCommitted);
        String objection = examination.objection(fault, readableEnd);
        if (objection != null) {
            throw distrusted(cause, objection);
        }
        UnreadableUnit unit = unit(lane, cause, fault);
        if (behind.offset() == readableEnd) {
            policy.pass(unit, recordsTaken);
            restart(lane, behind, behind, null);
            return Outcome.BATCH_PASSED;
        }
        restart(lane, position, behind, examination.probed(unit));
        return Outcome.EXAMINING;
    }

    private static UnreadableUnit unit(Lane lane, KafkaException cause, BatchFault fault) {
        return UnreadableUnit.batch(
                (Delivery.Records) Objects.requireNonNull(lane.head(), "the batch is there"), fault, cause);
    }

    private static CorruptRecordException distrusted(KafkaException cause, String objection) {
        return new CorruptRecordException(
                cause.getMessage() + ". surefoot.on.bad.record does not pass over this batch, since its last offset"
                        + " cannot be trusted: " + objection
                        + ". Look at the log of the partition's leader, and seek by"
                        + " hand",
                cause);
    }

    /**
     * Looks at what has come from behind a batch that is examined.
     *
     * @return whether the lane may be read: the position is behind the batch then
     * @throws RuntimeException what poll is to throw; nothing has moved then
     */
    boolean settled(Lane lane, long recordsTaken) {
        BatchExamination examination = lane.examination();
        Delivery head = lane.head();
        if (examination == null || !examination.isProbing() || head == null) {
            return examination == null || !examination.isProbing();
        }
        return switch (head.kind()) {
            case RECORDS -> settled(lane, examination, (Delivery.Records) head, recordsTaken);
            case POSITIONED, FAILURE -> refuted(lane, examination);
            case MARKS -> false;
        };
    }

    private boolean settled(Lane lane, BatchExamination examination, Delivery.Records behind, long recordsTaken) {
        long base = behind.records().getLong(behind.records().position());
        if (base < examination.target()) {
            return refuted(lane, examination);
        }
        policy.pass(Objects.requireNonNull(examination.unit(), "a batch is examined"), recordsTaken);
        if (examination.equals(lane.examination())) {
            lane.passOverBatch();
        }
        return lane.mayBeRead();
    }

    private boolean refuted(Lane lane, BatchExamination examination) {
        FetchPosition position = Objects.requireNonNull(lane.position(), "an examined lane has a position");
        restart(lane, position, position, examination.refuted());
        return false;
    }

    /**
     * Has data fetched anew.
     *
     * @param position the consumed position
     * @param fetchFrom where the data begins
     */
    private void restart(
            Lane lane, FetchPosition position, FetchPosition fetchFrom, @Nullable BatchExamination examination) {
        Uuid topicId = lane.topicId();
        lane.restart(nextGeneration.getAsLong(), position);
        if (examination != null) {
            lane.examine(examination);
        }
        boolean refetched = examination != null && examination.isRefetching();
        toFetch.put(lane.partition(), new Yielded(lane.generation(), fetchFrom, topicId, refetched));
    }

    /** Removes and returns where each partition is to be fetched from. */
    Map<TopicPartition, Yielded> takeToFetch() {
        if (toFetch.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, Yielded> taken = new LinkedHashMap<>(toFetch);
        toFetch.clear();
        return taken;
    }

    /** The application has moved or given up a partition. */
    void forget(TopicPartition partition) {
        toFetch.remove(partition);
        policy.forget(partition);
    }
}
