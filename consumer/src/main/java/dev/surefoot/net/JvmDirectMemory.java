package dev.surefoot.net;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The direct memory of the JVM that this runs in, as its management beans tell. */
final class JvmDirectMemory implements DirectMemory {
    private static final Logger log = LoggerFactory.getLogger(JvmDirectMemory.class);

    private final long limitBytes =
            limit(maxDirectMemorySize(), Runtime.getRuntime().maxMemory());
    private final @Nullable BufferPoolMXBean buffers = directBuffers();
    private final Set<Reference<? extends ByteBuffer>> existing = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<ByteBuffer> collected = new ReferenceQueue<>();

    /** The limit in force: the option's value, or the maximum heap where it is 0, which is the option's default, or unknown. */
    static long limit(long option, long maxHeapBytes) {
        return option > 0 ? option : maxHeapBytes;
    }

    /** The value of {@code -XX:MaxDirectMemorySize}, or 0 if it is not given or the JVM has no such option. */
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
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        existing.add(new Existing(buffer, collected));
        return buffer;
    }

    @Override
    public long takeCollectedBytes() {
        long bytes = 0;
        for (Reference<? extends ByteBuffer> next = collected.poll(); next != null; next = collected.poll()) {
            existing.remove(next);
            bytes += ((Existing) next).bytes;
        }
        return bytes;
    }

    /** As the JDK does by itself where the limit is reached. */
    @Override
    public void collect() {
        System.gc();
    }

    /** Learns of the end of a buffer, which frees its memory at the same time. */
    private static final class Existing extends PhantomReference<ByteBuffer> {
        final int bytes;

        Existing(ByteBuffer buffer, ReferenceQueue<ByteBuffer> collected) {
            super(buffer, collected);
            this.bytes = buffer.capacity();
        }
    }
}
