package dev.surefoot.bench.partitions;

/** A client whose session has all partitions in it, ready for fetches in which a few have changed. */
interface Subject extends AutoCloseable {
    /** The name in tables and in JSON. */
    String name();

    /** Makes one fetch and takes the answer. */
    Exchange exchange();

    @Override
    default void close() {}
}
