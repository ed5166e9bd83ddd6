package dev.surefoot.net;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The direct memory of this JVM, as its management beans report it. Safe from any thread. */
final class JvmDirectMemory implements DirectMemory {
    private static final Logger log = LoggerFactory.getLogger(JvmDirectMemory.class);

    /** A thread of the JDK frees what was collected; this is longer than it needs, unless it gets no processor. */
    private static final long FREEING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** After this time collected bytes count as freed, whatever the figures of the JVM say. */
    private static final long FREEING_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    /** So many bytes of others come and go without a meaning. */
    private static final long OTHERS_BYTES = 128 << 10;

    /** How long the most bytes that others had count. */
    private static final long OTHERS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long limitBytes =
            limit(maxDirectMemorySize(), Runtime.getRuntime().maxMemory());
    private final @Nullable BufferPoolMXBean buffers = directBuffers();
    private final Set<Reference<? extends ByteBuffer>> existing = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<ByteBuffer> collected = new ReferenceQueue<>();

    // Guarded by {@code this}.
    /** Bytes allocated here and not yet reported as collected. */
    private long ownBytes;
    /** The most bytes of others since then, and in the time before. */
    private long othersBytes;

    private long othersBeforeBytes;
    private long othersSinceNanos = System.nanoTime();
    private long countedAtNanos = System.nanoTime();
    /** Bytes collected since then, perhaps not freed yet. */
    private long foundBytes;
    /** Bytes collected before then, and freed by now as far as the figures of the JVM show it. */
    private long freedBytes;

    /**
     * Returns the limit in force: the option's value, or the maximum heap if the option is 0 (its default) or unknown.
     */
    static long limit(long option, long maxHeapBytes) {
        return option > 0 ? option : maxHeapBytes;
    }

    /** Returns the value of {@code -XX:MaxDirectMemorySize}, or 0 if it is not set or the JVM has no such option. */
    private static long maxDirectMemorySize() {
        try {
            CompositeData option = (CompositeData) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                            "getVMOption",
                            new Object[] {"MaxDirectMemorySize"},
                            new String[] {String.class.getName()});
            return Long.parseLong((String) option.get("value"));
        } catch (JMException | RuntimeException e) { // another JVM, or one without the module jdk.management
            log.debug("The option MaxDirectMemorySize cannot be read; the maximum heap counts instead", e);
            return 0;
        }
    }

    private static @Nullable BufferPoolMXBean directBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> "direct".equals(pool.getName()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public long limitBytes() {
        return limitBytes;
    }

    @Override
    public long usedBytes() {
        return buffers == null ? 0 : buffers.getTotalCapacity();
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        // Counted before the JVM counts it, so that it never looks like a buffer of others.
        count(bytes);
        ByteBuffer buffer = null;
        try {
            buffer = ByteBuffer.allocateDirect(bytes);
        } finally {
            if (buffer == null) {
                count(-bytes);
            }
        }
        existing.add(new Existing(buffer, collected));
        return buffer;
    }

    private synchronized void count(long bytes) {
        ownBytes += bytes;
    }

    @Override
    public synchronized long takeCollectedBytes() {
        for (Reference<? extends ByteBuffer> next = collected.poll(); next != null; next = collected.poll()) {
            existing.remove(next);
            foundBytes += ((Existing) next).bytes;
        }
        long now = System.nanoTime();
        long waitedNanos = now - countedAtNanos;
        if (waitedNanos < FREEING_NANOS) {
            return 0;
        }
        long usedBytes = usedBytes();
        noteOthers(usedBytes, now);
        if (waitedNanos < FREEING_NANOS_MAX && !isFreed(usedBytes)) {
            return 0;
        }
        countedAtNanos = now;
        long freed = freedBytes;
        ownBytes -= freed;
        freedBytes = foundBytes;
        foundBytes = 0;
        return freed;
    }

    /** Takes note of how many bytes others have: at least those that are not counted here. */
    private void noteOthers(long usedBytes, long now) {
        if (now - othersSinceNanos >= OTHERS_NANOS) {
            othersSinceNanos = now;
            othersBeforeBytes = othersBytes;
            othersBytes = 0;
        }
        othersBytes = Math.max(othersBytes, usedBytes - ownBytes);
    }

    /**
     * Whether the figures of the JVM show that the bytes which are next to count as freed are so: what it has beside
     * the rest is no more than others had before.
     */
    private boolean isFreed(long usedBytes) {
        long mostBytes = Math.max(othersBytes, othersBeforeBytes);
        return freedBytes == 0 || usedBytes - (ownBytes - freedBytes) <= mostBytes + OTHERS_BYTES;
    }

    /** Does what the JDK does at the limit. */
    @Override
    public void collect() {
        System.gc();
    }

    /** Reports that a buffer was collected, at about the time at which the JDK frees its memory. */
    private static final class Existing extends PhantomReference<ByteBuffer> {
        final int bytes;

        Existing(ByteBuffer buffer, ReferenceQueue<ByteBuffer> collected) {
            super(buffer, collected);
            this.bytes = buffer.capacity();
        }
    }
}
