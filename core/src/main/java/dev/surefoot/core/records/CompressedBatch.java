package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;

/** A compressed batch that a cursor will reach, with what is needed to decompress it earlier. Immutable. */
public final class CompressedBatch {

    private final ByteBuffer records;
    private final int start;
    private final int end;
    private final boolean checkCrc;

    private CompressedBatch(ByteBuffer records, BatchHeader header, boolean checkCrc) {
        this.records = records;
        this.start = header.start();
        this.end = header.end();
        this.checkCrc = checkCrc;
    }

    /**
     * Finds batches that a cursor over the same arguments will decompress. It leaves out batches that may belong to an
     * aborted transaction and batches of formats v0 and v1. It stops at the first uncompressed or malformed batch, so
     * that a delivery without compression costs one header.
     *
     * @param records the batches, from position to limit; neither is changed
     * @param fromOffset the lowest offset to deliver
     * @param worthwhileBytes the smallest batch to find, in compressed bytes with its header
     * @param checkCrcs whether to verify checksums
     */
    public static List<CompressedBatch> in(
            ByteBuffer records,
            long fromOffset,
            List<AbortedTransaction> abortedTransactions,
            int worthwhileBytes,
            boolean checkCrcs) {
        ByteBuffer slice = records.slice();
        BatchHeader header = new BatchHeader(slice);
        Set<Long> aborting =
                abortedTransactions.stream().map(AbortedTransaction::producerId).collect(Collectors.toSet());
        List<CompressedBatch> found = new ArrayList<>();
        try {
            while (header.moveToNext() && !header.isLegacy()) {
                if (header.isControl()) {
                    continue;
                }
                if (Codec.of(header.codecId()) == Codec.NONE) {
                    break;
                }
                boolean mayBeAborted = header.isTransactional() && aborting.contains(header.producerId());
                boolean isWorthwhile = header.end() - header.start() >= worthwhileBytes;
                if (header.lastOffset() >= fromOffset && isWorthwhile && !mayBeAborted) {
                    found.add(new CompressedBatch(slice, header, checkCrcs));
                }
            }
        } catch (KafkaException e) {
            // The cursor throws when it reaches the malformed header.
            return found;
        }
        return found;
    }

    /** Index of the first byte in the records. */
    public int start() {
        return start;
    }

    /** The compressed size with the header, in bytes. */
    public int bytes() {
        return end - start;
    }

    /**
     * Verifies the checksum, if that was asked for, and decompresses the records. The calling thread must own both
     * arguments.
     *
     * @param out empty; its content is undefined after an exception
     * @throws InvalidRecordException if the batch is damaged
     * @throws RecordBatchTooLargeException if the batch decompresses to more bytes than {@code out} may hold
     * @throws org.apache.kafka.common.errors.UnsupportedCompressionTypeException if the codec's library cannot be
     *     loaded
     */
    public void decompress(CodecContexts codecs, Scratch out) {
        BatchHeader header = new BatchHeader(records.slice(start, end - start));
        header.moveToNext();
        if (checkCrc) {
            new BatchChecksum().verify(header);
        }
        int content = start + header.recordsStart();
        codecs.decompress(Codec.of(header.codecId()), header.magic(), records.slice(content, end - content), out);
    }
}
