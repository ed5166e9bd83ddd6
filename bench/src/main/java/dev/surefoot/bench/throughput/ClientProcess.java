package dev.surefoot.bench.throughput;

/** The bench's end of a client that runs in a process of its own. Used by one thread, except for {@link #kill}. */
interface ClientProcess extends AutoCloseable {

    /**
     * Makes the client read the topic once.
     *
     * @throws BenchFailedException if it does not deliver what was written
     */
    RoundResult round(int number);

    /** Ends the process, from any thread, so that a round under way fails. */
    void kill();

    /** Ends the client in any state. */
    @Override
    void close();
}
