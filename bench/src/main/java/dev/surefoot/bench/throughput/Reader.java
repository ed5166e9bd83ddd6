package dev.surefoot.bench.throughput;

/** Reads all partitions of a topic from the beginning, once; made anew for each round, used by one thread. */
interface Reader extends AutoCloseable {

    /** Waits a second at most for records, and returns how many came. */
    int next();

    /** Bytes of values and of header values in all that came so far. */
    long bytes();

    @Override
    void close();
}
