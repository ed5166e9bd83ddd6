package dev.surefoot.net;

import java.nio.ByteBuffer;

/** The direct memory of a JVM: what it may come to, what is taken, and more of it. Safe from any thread. */
interface DirectMemory {

    /** That of this JVM. */
    DirectMemory OF_THIS_JVM = new JvmDirectMemory();

    /** The most bytes of direct buffers that the JVM allows. */
    long limitBytes();

    /**
     * Bytes of direct buffers that exist, those included that the garbage collector has not found yet; 0 if unknown.
     */
    long usedBytes();

    /**
     * A new direct buffer. Where the limit is reached the JDK collects garbage and waits for up to a second before it
     * fails.
     *
     * @throws OutOfMemoryError if there is no memory for it
     */
    ByteBuffer allocate(int bytes);

    /**
     * Bytes of those buffers made by {@link #allocate} that the garbage collector has found since this was last asked.
     */
    long takeCollectedBytes();

    /** Has the garbage collector look for buffers that nobody uses any more. */
    void collect();
}
