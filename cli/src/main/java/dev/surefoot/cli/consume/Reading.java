package dev.surefoot.cli.consume;

import java.io.Closeable;
import java.io.IOException;

/** Reads topics and prints their records. Used by one thread. */
interface Reading extends Closeable {

    /**
     * Reads until the options are met.
     *
     * @throws org.apache.kafka.common.errors.WakeupException if the consumer is woken up; {@link #report()} then says
     *     what was printed
     * @throws IOException if the output takes no more
     */
    void run() throws IOException;

    /** Writes out what was printed last, and in a group commits it. */
    @Override
    void close() throws IOException;

    /** Returns one line about the offsets that were read. */
    String report();
}
