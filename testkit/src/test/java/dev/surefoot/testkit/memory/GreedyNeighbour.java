package dev.surefoot.testkit.memory;

import dev.surefoot.SurefootConsumer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** A program in which something else takes all direct memory but a little while a consumer reads, and frees it then. */
final class GreedyNeighbour {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long LEFT_BYTES = 100_000;
    private static final int PIECE_BYTES = 50_000;

    private GreedyNeighbour() {}

    /**
     * @param args bootstrap servers, topic, partitions, records in the topic, bytes of direct memory that the JVM
     * allows
     */
    public static void main(String[] args) {
        long limit = Long.parseLong(args[4]);
        long records = Long.parseLong(args[3]);
        ArrayDeque<ByteBuffer> taken = new ArrayDeque<>();
        try (SurefootConsumer<byte[], byte[]> consumer = ScarceReaders.consumer(args[0])) {
            while (ScarceReaders.directBytes() + LEFT_BYTES + PIECE_BYTES <= limit) {
                taken.add(ByteBuffer.allocateDirect(PIECE_BYTES));
            }
            ScarceReaders.assign(consumer, args[1], Integer.parseInt(args[2]));
            long read = readUntil(consumer, 0, records / 4);
            long before = ScarceReaders.directBytes();
            taken.clear();
            long started = System.nanoTime();
            while (ScarceReaders.directBytes() > limit / 2) {
                System.gc();
                checkPatience(started, "the neighbour's memory is not freed");
            }
            long afterwards = 0;
            long resumed = System.nanoTime();
            while (read < records) {
                read += consumer.poll(POLL).count();
                afterwards = Math.max(afterwards, ScarceReaders.directBytes());
                checkPatience(resumed, "only " + read + " of " + records + " records");
            }
            System.out.println("short " + (limit - before) + " afterwards " + afterwards);
        }
    }

    private static long readUntil(SurefootConsumer<byte[], byte[]> consumer, long from, long to) {
        long started = System.nanoTime();
        long read = from;
        while (read < to) {
            read += consumer.poll(POLL).count();
            checkPatience(started, "only " + read + " records while memory is short");
        }
        return read;
    }

    private static void checkPatience(long started, String what) {
        if (System.nanoTime() - started > PATIENCE_NANOS) {
            throw new IllegalStateException(what);
        }
    }
}
