package dev.surefoot.bench.throughput;

import java.time.Duration;

/** One reading of the whole topic by a new client in this process. */
final class Round {
    private static final Duration STALLED_AFTER = Duration.ofSeconds(60);
    private static final long ONE_SECOND_NANOS = 1_000_000_000;

    private final Client client;
    private final WrittenTopic topic;
    private final PeakMemory memory = new PeakMemory();
    private long read;
    private long firstRecordNanos;
    private long firstSecondRecords;

    private Round(Client client, WrittenTopic topic) {
        this.client = client;
        this.topic = topic;
    }

    /**
     * Reads and measures.
     *
     * @throws IllegalStateException if the client delivers more or other records than were written, or none for a
     *     minute
     */
    static RoundResult run(Client client, WrittenTopic topic) {
        return new Round(client, topic).run();
    }

    private RoundResult run() {
        memory.reset();
        ProcessUsage before = ProcessUsage.now();
        long start = System.nanoTime();
        try (Reader reader = Readers.open(client, topic)) {
            long nanos = readAll(reader, start);
            // All threads of the client still exist, so none of their allocations is missed.
            ProcessUsage after = ProcessUsage.now();
            if (reader.bytes() != topic.bytes()) {
                throw new IllegalStateException("delivered " + reader.bytes() + " bytes instead of " + topic.bytes()
                        + " in " + read + " records");
            }
            return new RoundResult(
                    read,
                    nanos / 1e9,
                    (after.cpuNanos() - before.cpuNanos()) / 1e9,
                    after.allocatedBytesSince(before),
                    after.gcMillis() - before.gcMillis(),
                    memory.bytes(),
                    firstRecordNanos / 1e6,
                    firstSecondRecords);
        }
    }

    private long readAll(Reader reader, long start) {
        long lastNanos = 0;
        while (read < topic.records()) {
            int count = reader.next();
            long nanos = System.nanoTime() - start;
            if (count > 0) {
                if (read == 0) {
                    firstRecordNanos = nanos;
                }
                read += count;
                if (nanos <= ONE_SECOND_NANOS) {
                    firstSecondRecords = read;
                }
                lastNanos = nanos;
            } else if (nanos - lastNanos > STALLED_AFTER.toNanos()) {
                throw new IllegalStateException("delivered " + read + " of " + topic.records()
                        + " records, then none for " + STALLED_AFTER.toSeconds() + " s");
            }
        }
        if (read != topic.records()) {
            throw new IllegalStateException("delivered " + read + " records instead of " + topic.records());
        }
        return lastNanos;
    }
}
