package dev.surefoot.bench.partitions;

/** A client whose session contains all partitions, ready for fetches in which a few have changed. */
interface Subject extends AutoCloseable {
    /** Returns the name in tables and in JSON. */
    String name();

    /** Makes one fetch and takes the answer. */
    Exchange exchange();

    @Override
    default void close() {}
}
