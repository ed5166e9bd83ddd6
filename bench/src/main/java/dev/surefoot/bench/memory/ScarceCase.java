package dev.surefoot.bench.memory;

import dev.surefoot.bench.throughput.Compression;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM with little memory and what is read in it.
 *
 * @param consumers how many read at the same time
 * @param directMebibytes {@code -XX:MaxDirectMemorySize}, or 0 for its default, which is the heap's
 * @param heapMebibytes {@code -Xmx}
 * @param oneProcessor whether the JVM has only one processor
 */
public record ScarceCase(
        int consumers, int directMebibytes, int heapMebibytes, boolean oneProcessor, Compression compression) {

    /** Returns many consumers with little direct memory, with a small heap, and with the limits of a JVM of 2 GiB. */
    static List<ScarceCase> sharing(int consumers) {
        return List.of(
                new ScarceCase(consumers, 64, 1024, false, Compression.NONE),
                new ScarceCase(consumers, 0, 256, false, Compression.NONE),
                new ScarceCase(consumers, 0, 2048, false, Compression.NONE));
    }

    /** Returns one consumer in very small JVMs with one processor. */
    static List<ScarceCase> tiny() {
        List<ScarceCase> cases = new ArrayList<>();
        for (Compression compression : List.of(Compression.NONE, Compression.ZSTD)) {
            for (int direct : new int[] {8, 16, 32}) {
                cases.add(new ScarceCase(1, direct, 64, true, compression));
            }
        }
        return cases;
    }

    /** Returns the most bytes of direct memory that the JVM allows. */
    public long directLimitBytes() {
        return (long) (directMebibytes > 0 ? directMebibytes : heapMebibytes) << 20;
    }

    List<String> flags() {
        List<String> flags =
                new ArrayList<>(List.of("-Xmx" + heapMebibytes + "m", "-Dlog4j2.shutdownHookEnabled=false"));
        if (directMebibytes > 0) {
            flags.add("-XX:MaxDirectMemorySize=" + directMebibytes + "m");
        }
        if (oneProcessor) {
            flags.add("-XX:ActiveProcessorCount=1");
        }
        return flags;
    }

    @Override
    public String toString() {
        return consumers + (consumers == 1 ? " consumer, " : " consumers, ")
                + (oneProcessor ? "1 CPU, " : "")
                + (directMebibytes > 0 ? "direct " + directMebibytes + " MiB, " : "")
                + "heap " + heapMebibytes + " MiB, " + compression.configValue();
    }
}
