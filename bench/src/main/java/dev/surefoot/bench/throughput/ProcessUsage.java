package dev.surefoot.bench.throughput;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** The processor time, allocations and garbage collections of this process since it started. */
record ProcessUsage(long cpuNanos, Map<Long, Long> allocatedByThread, long gcMillis) {

    /** Returns the usage up to now. */
    static ProcessUsage now() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            allocated.put(ids[i], Math.max(0, bytes[i])); // -1 for a thread that has just ended
        }
        long gc = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        return new ProcessUsage(system.getProcessCpuTime(), allocated, gc);
    }

    /** Returns the bytes that the threads which exist now have allocated since then. */
    long allocatedBytesSince(ProcessUsage earlier) {
        return allocatedByThread.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - earlier.allocatedByThread.getOrDefault(thread.getKey(), 0L))
                .sum();
    }
}
