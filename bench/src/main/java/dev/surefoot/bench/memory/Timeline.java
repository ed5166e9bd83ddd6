package dev.surefoot.bench.memory;

import dev.surefoot.bench.Median;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** How many bytes an application read in each short slice of time. */
final class Timeline {
    /** The length of a slice: short compared with a phase, and long compared with a poll. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * The number of slices over which speed is measured: a single slice may contain a pause of the garbage collector.
     */
    private static final int WINDOW = 5;

    /** The fraction of the usual speed that counts as full speed. */
    private static final double FULL = 0.9;

    private static final int SLICES_PER_PHASE = (int) (Pace.PHASE_NANOS / SLICE_NANOS);

    private long[] bytes = new long[1_024];
    private int slices;

    /** Adds bytes that were read {@code nanos} after the beginning. */
    void add(long nanos, long taken) {
        int slice = Math.toIntExact(nanos / SLICE_NANOS);
        if (slice >= bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(slice + 1, 2 * bytes.length));
        }
        bytes[slice] += taken;
        slices = Math.max(slices, slice + 1);
    }

    /**
     * Returns the milliseconds from the beginning of a fast phase until the application reads as much as it usually
     * does in the second half of one: the median over all whole fast phases, or 0 if there is none.
     */
    double recoveryMillis() {
        int phases = slices / SLICES_PER_PHASE;
        int[] fast = IntStream.range(0, phases)
                .filter(phase -> !Pace.PHASES.restsAt(phase * Pace.PHASE_NANOS))
                .map(phase -> phase * SLICES_PER_PHASE)
                .toArray();
        double usual = median(Arrays.stream(fast)
                .mapToDouble(first -> sum(first + SLICES_PER_PHASE / 2, first + SLICES_PER_PHASE))
                .map(sum -> sum * WINDOW / (SLICES_PER_PHASE - SLICES_PER_PHASE / 2))
                .toArray());
        double[] recoveries = Arrays.stream(fast)
                .mapToDouble(first -> slicesUntilFull(first, usual))
                .toArray();
        return median(recoveries) * TimeUnit.NANOSECONDS.toMillis(SLICE_NANOS);
    }

    private int slicesUntilFull(int first, double usual) {
        for (int slice = 0; slice + WINDOW <= SLICES_PER_PHASE; slice++) {
            if (sum(first + slice, first + slice + WINDOW) >= FULL * usual) {
                return slice;
            }
        }
        return SLICES_PER_PHASE;
    }

    private long sum(int from, int to) {
        return Arrays.stream(bytes, from, to).sum();
    }

    /** Returns the median, or 0 if there is no value. */
    static double median(double[] values) {
        return values.length == 0 ? 0 : Median.of(values);
    }
}
