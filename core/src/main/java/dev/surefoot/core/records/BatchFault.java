package dev.surefoot.core.records;

import java.io.Serializable;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a batch that cannot be read, from its header and its bytes. Immutable.
 *
 * @param kind why it cannot be read
 * @param failingOffset the lowest offset that was not read; those of the batch below it were
 * @param baseOffset the first offset, as the header says
 * @param lastOffset the last offset, as the header says
 * @param start index of its first byte in the fetched records
 * @param bytes the size on the wire, header included
 * @param magic the format, from 0 to 2
 * @param codecId the number of the codec, as the header says
 * @param checksumExpected the checksum in the header
 * @param checksumFound the checksum of the bytes
 * @param maxTimestamp the largest timestamp in milliseconds since the epoch as the header says, or -1 (v0)
 * @param recordsClaimed the number of records, as the header says; 1 for v0 and v1
 * @param followed whether a whole batch follows in the same answer, which then begins above {@code lastOffset}
 */
public record BatchFault(
        Kind kind,
        long failingOffset,
        long baseOffset,
        long lastOffset,
        int start,
        int bytes,
        int magic,
        int codecId,
        int checksumExpected,
        int checksumFound,
        long maxTimestamp,
        int recordsClaimed,
        boolean followed)
        implements Serializable {

    /** Why a batch cannot be read. */
    public enum Kind {
        /** It fails its checksum, or its records are malformed. */
        CORRUPT,
        /** Its compressed bytes are not what its codec produces, or there is no such codec. */
        UNDECOMPRESSABLE,
        /** One of its records claims more bytes than are allowed. */
        TOO_LARGE
    }

    /**
     * Finds out what is wrong with the batch under the header.
     *
     * @return null if the cause says nothing about the batch
     */
    static @Nullable BatchFault of(Throwable cause, BatchHeader batch, BatchChecksum checksum, long failingOffset) {
        boolean isUndecompressable =
                cause instanceof UndecompressableException || cause instanceof UnsupportedCompressionTypeException;
        boolean isTooLarge = cause instanceof RecordTooLargeException;
        if (!isUndecompressable && !isTooLarge && !(cause instanceof InvalidRecordException)) {
            return null;
        }
        int found = checksum.of(batch);
        Kind kind = Kind.CORRUPT;
        if (found == batch.checksum() && (isUndecompressable || isTooLarge)) {
            kind = isTooLarge ? Kind.TOO_LARGE : Kind.UNDECOMPRESSABLE;
        }
        return new BatchFault(
                kind,
                failingOffset,
                batch.baseOffset(),
                batch.lastOffset(),
                batch.start(),
                batch.end() - batch.start(),
                batch.magic(),
                batch.codecId(),
                batch.checksum(),
                found,
                batch.isLegacy() ? -1 : batch.maxTimestamp(),
                batch.isLegacy() ? 1 : batch.recordsCount(),
                batch.end() < batch.records().limit());
    }

    /**
     * Whether the last offset is what the producer and the broker wrote: it lies within the bytes that a sound checksum
     * covers. That of the formats v0 and v1 does not.
     */
    public boolean endIsSound() {
        return magic == 2 && checksumExpected == checksumFound;
    }

    /**
     * Whether the last offset agrees with the rest of what was received: the next batch begins above it, or there are
     * as many records as offsets. A damaged last offset that is too high would otherwise hide the batches after this
     * one, also from a fetch behind it.
     */
    public boolean endIsPlausible() {
        return followed || (magic == 2 && recordsClaimed == lastOffset - baseOffset + 1);
    }

    /** Whether the other one is about a batch with the same header and the same checksum at the same offset. */
    public boolean isSameBatch(BatchFault other) {
        return failingOffset == other.failingOffset
                && baseOffset == other.baseOffset
                && lastOffset == other.lastOffset
                && bytes == other.bytes
                && checksumExpected == other.checksumExpected
                && checksumFound == other.checksumFound;
    }
}
