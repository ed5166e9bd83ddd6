package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.testkit.simulation.check.Violation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** The memory of one fetched answer. It counts as held until the last hold is released, and is overwritten then. */
final class Fetched implements Lease {
    private static final byte GARBAGE = 0x5a;

    private final FetchAnswer answer;
    private final int bytes;
    private final LongConsumer released;
    private int holds = 1;

    private Fetched(FetchAnswer answer, int bytes, LongConsumer released) {
        this.answer = answer;
        this.bytes = bytes;
        this.released = released;
    }

    /**
     * Returns the answer in memory of its own.
     *
     * @param released receives the number of bytes when the last hold is released
     */
    static FetchAnswer hold(FetchAnswer answer, LongConsumer released) {
        return new FetchAnswer(
                answer.error(),
                answer.throttleTimeMs(),
                answer.sessionId(),
                answer.partitions(),
                answer.nodeEndpoints(),
                new Fetched(answer, bytesOf(answer), released));
    }

    /** Returns the bytes of an answer's records. */
    static int bytesOf(FetchAnswer answer) {
        int bytes = 0;
        for (PartitionAnswer partition : answer.partitions()) {
            bytes += partition.records().remaining();
        }
        return bytes;
    }

    @Override
    public void retain() {
        if (holds == 0) {
            throw new Violation("M1", "memory is taken hold of after it was given back");
        }
        holds++;
    }

    @Override
    public void release() {
        if (holds == 0) {
            throw new Violation("M1", "memory is given back twice");
        }
        if (--holds == 0) {
            // Overwritten, so that a reader that goes on reads bytes that fail its checksum.
            for (PartitionAnswer partition : answer.partitions()) {
                ByteBuffer records = partition.records();
                if (records.hasArray() && records.hasRemaining()) {
                    int from = records.arrayOffset() + records.position();
                    Arrays.fill(records.array(), from, from + records.remaining(), GARBAGE);
                }
            }
            released.accept(bytes);
        }
    }

    @Override
    public boolean held() {
        return holds > 0;
    }

    @Override
    public int bytes() {
        return bytes;
    }
}
