package dev.surefoot.core.guard;

import dev.surefoot.core.delivery.UnitKeptException;
import dev.surefoot.core.records.UnreadableBatch;
import dev.surefoot.progress.StallCause;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.jspecify.annotations.Nullable;

/** The causes that lie in the records or in the log, by the exceptions that the application is thrown. */
final class DataCauses {
    /** From so many refused records in a row on, it is not the records. */
    private static final int REFUSALS = 10;

    private DataCauses() {}

    /** Why a partition is halted. */
    static StallCause ofHalt(@Nullable Throwable reason) {
        if (reason instanceof LogTruncationException) {
            return StallCause.LOG_TRUNCATED;
        }
        if (reason instanceof OffsetOutOfRangeException) {
            return StallCause.OFFSET_OUT_OF_RANGE;
        }
        if (reason instanceof NoOffsetForPartitionException) {
            return StallCause.NO_INITIAL_OFFSET;
        }
        if (reason instanceof UnknownTopicIdException) {
            return StallCause.TOPIC_RECREATED;
        }
        StallCause ofBatch = ofBatch(reason);
        return ofBatch == null ? StallCause.BATCH_CORRUPT : ofBatch;
    }

    /**
     * Why a record could not be taken: its batch cannot be read, or the application's code refuses it.
     *
     * @param refusals how many records in a row the deserializer has refused, with none taken between them
     */
    static StallCause ofRecord(@Nullable Throwable failure, int refusals) {
        if (failure instanceof UnitKeptException kept) {
            return ofKept(kept, refusals);
        }
        if (failure instanceof RecordDeserializationException && refusals >= REFUSALS) {
            return StallCause.DESERIALIZER_FAILING;
        }
        StallCause ofBatch = failure instanceof RecordDeserializationException ? null : ofBatch(failure);
        return ofBatch == null ? StallCause.RECORD_UNDESERIALIZABLE : ofBatch;
    }

    private static StallCause ofKept(UnitKeptException kept, int refusals) {
        return switch (kept.reason()) {
            case HANDLER_GIVEN_UP -> StallCause.HANDLER_FAILING;
            case PASSED_TOO_MANY ->
                kept.getCause() instanceof RecordDeserializationException
                        ? StallCause.DESERIALIZER_FAILING
                        : ofRecord(kept.getCause(), refusals);
            case HANDLER_THREW -> ofRecord(kept.getCause(), refusals);
        };
    }

    /** The first of the exception and its causes that is of a batch, or null. */
    private static @Nullable StallCause ofBatch(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof UnreadableBatch unreadable) {
                return switch (unreadable.fault().kind()) {
                    case CORRUPT -> StallCause.BATCH_CORRUPT;
                    case UNDECOMPRESSABLE -> StallCause.BATCH_UNDECOMPRESSABLE;
                    case TOO_LARGE -> StallCause.RECORD_TOO_LARGE;
                };
            }
            if (each instanceof RecordTooLargeException || each instanceof RecordBatchTooLargeException) {
                return StallCause.RECORD_TOO_LARGE;
            }
            if (each instanceof UnsupportedCompressionTypeException) {
                return StallCause.BATCH_UNDECOMPRESSABLE;
            }
            if (each instanceof CorruptRecordException || each instanceof InvalidRecordException) {
                return StallCause.BATCH_CORRUPT;
            }
        }
        return null;
    }

    /** What an exception says. */
    static String message(@Nullable Throwable failure) {
        if (failure == null) {
            return "";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
