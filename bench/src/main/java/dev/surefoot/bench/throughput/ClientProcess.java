package dev.surefoot.bench.throughput;

/** The bench's end of a client that runs in a process of its own. Used by one thread, but for {@link #kill}. */
interface ClientProcess extends AutoCloseable {

    /**
     * Has the client read the topic once.
     *
     * @throws BenchFailedException if it does not deliver what was written
     */
    RoundResult round(int number);

    /** Ends what runs, from any thread, so that a round under way fails. */
    void kill();

    /** Ends the client, in whatever state it is. */
    @Override
    void close();
}
