package dev.surefoot.bench.throughput;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The most memory that this process has occupied since the last {@link #reset}: its resident set on Linux, elsewhere
 * the JVM's pools and direct buffers.
 */
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR_REFS = Path.of("/proc/self/clear_refs");

    /** Resets the high water mark of the resident set to its current value (proc(5)). */
    private static final String RESET_PEAK = "5";

    private static final String HIGH_WATER_MARK = "VmHWM:";

    private final boolean ofProcess = Files.isReadable(STATUS) && Files.isWritable(CLEAR_REFS);

    void reset() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        if (ofProcess) {
            try {
                Files.writeString(CLEAR_REFS, RESET_PEAK);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot reset the peak of this process's memory", e);
            }
        }
    }

    long bytes() {
        return ofProcess ? ofProcess() : ofPools();
    }

    private static long ofProcess() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(HIGH_WATER_MARK))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseGet(PeakMemory::ofPools);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + STATUS, e);
        }
    }

    private static long ofPools() {
        long pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        long buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return pools + buffers;
    }
}
