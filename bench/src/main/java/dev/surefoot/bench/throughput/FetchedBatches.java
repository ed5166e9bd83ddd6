package dev.surefoot.bench.throughput;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads Fetch responses (v12) up to the headers of their batches, which give the next offset and the number of records.
 */
final class FetchedBatches {
    private static final int CORRELATION_ID_BYTES = 4;
    private static final int LENGTH_OFFSET = 8;
    private static final int LOG_OVERHEAD = 12;
    private static final int ATTRIBUTES_OFFSET = 21;
    private static final int LAST_OFFSET_DELTA_OFFSET = 23;
    private static final int RECORD_COUNT_OFFSET = 57;
    private static final int HEADER_BYTES = 61;
    private static final int CONTROL_FLAG = 0x20;

    private final long[] nextOffsets;
    private final long[] endOffsets;
    private long records;

    FetchedBatches(int partitions) {
        nextOffsets = new long[partitions];
        endOffsets = new long[partitions];
        Arrays.fill(endOffsets, Long.MAX_VALUE);
    }

    /** Returns the offset at which to fetch the partition next. */
    long nextOffset(int partition) {
        return nextOffsets[partition];
    }

    /** Returns whether the partition was read to its end. */
    boolean isDrained(int partition) {
        return nextOffsets[partition] >= endOffsets[partition];
    }

    /** Returns the records in all batches so far, without control records. */
    long records() {
        return records;
    }

    /** Reads one response, from its correlation id on. */
    void scan(ByteBuffer response) {
        response.position(response.position() + CORRELATION_ID_BYTES);
        skipTags(response);
        response.getInt(); // throttle time
        requireNoError(response.getShort());
        response.getInt(); // session id
        int topics = count(response);
        for (int topic = 0; topic < topics; topic++) {
            skip(response, count(response)); // name
            int partitions = count(response);
            for (int i = 0; i < partitions; i++) {
                partition(response);
            }
            skipTags(response);
        }
    }

    private void partition(ByteBuffer response) {
        int partition = response.getInt();
        requireNoError(response.getShort());
        response.getLong(); // high watermark
        endOffsets[partition] = response.getLong(); // last stable offset
        response.getLong(); // log start offset
        int aborted = count(response);
        for (int i = 0; i < aborted; i++) {
            skip(response, 2 * Long.BYTES); // producer id, first offset
            skipTags(response);
        }
        response.getInt(); // preferred read replica
        int bytes = Math.max(0, count(response));
        batches(partition, response, response.position() + bytes);
        response.position(response.position() + bytes);
        skipTags(response);
    }

    private void batches(int partition, ByteBuffer response, int end) {
        int at = response.position();
        while (end - at >= HEADER_BYTES) {
            int size = LOG_OVERHEAD + response.getInt(at + LENGTH_OFFSET);
            if (size > end - at) {
                break; // the broker cuts off the last batch at its bound
            }
            if ((response.getShort(at + ATTRIBUTES_OFFSET) & CONTROL_FLAG) == 0) {
                records += response.getInt(at + RECORD_COUNT_OFFSET);
            }
            nextOffsets[partition] = response.getLong(at) + response.getInt(at + LAST_OFFSET_DELTA_OFFSET) + 1;
            at += size;
        }
    }

    private static void requireNoError(short code) {
        if (code != Errors.NONE.code()) {
            throw new IllegalStateException("The broker answers " + Errors.forCode(code));
        }
    }

    private static void skip(ByteBuffer response, int bytes) {
        response.position(response.position() + bytes);
    }

    private static void skipTags(ByteBuffer response) {
        int tags = unsignedVarint(response);
        for (int i = 0; i < tags; i++) {
            unsignedVarint(response);
            skip(response, unsignedVarint(response));
        }
    }

    /** Reads the length of a compact array, string or byte string; -1 for null. */
    private static int count(ByteBuffer response) {
        return unsignedVarint(response) - 1;
    }

    private static int unsignedVarint(ByteBuffer response) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = response.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
