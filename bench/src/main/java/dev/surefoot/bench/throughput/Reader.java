package dev.surefoot.bench.throughput;

/** Reads all partitions of a topic from the beginning, once. Made anew for each round, used by one thread. */
interface Reader extends AutoCloseable {

    /** Waits at most a second for records; returns how many came. */
    int next();

    /** Returns the bytes of values and of header values of all records so far. */
    long bytes();

    @Override
    void close();
}
