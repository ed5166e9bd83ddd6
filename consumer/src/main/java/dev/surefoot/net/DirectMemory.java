package dev.surefoot.net;

import java.nio.ByteBuffer;

/** The direct memory of a JVM: its limit, its use, and allocation. Safe from any thread. */
interface DirectMemory {

    /** The direct memory of this JVM. */
    DirectMemory OF_THIS_JVM = new JvmDirectMemory();

    /** The most bytes of direct buffers that the JVM allows. */
    long limitBytes();

    /** Bytes of direct buffers that exist, unreachable ones that are not collected yet included; 0 if unknown. */
    long usedBytes();

    /**
     * Allocates a direct buffer. At the limit the JDK collects garbage and waits for up to a second before it fails.
     *
     * @throws OutOfMemoryError if there is no memory for it
     */
    ByteBuffer allocate(int bytes);

    /** Returns how many bytes of buffers made by {@link #allocate} were collected since the last call. */
    long takeCollectedBytes();

    /** Requests a garbage collection, which frees unreachable buffers. */
    void collect();
}
