package dev.surefoot.net;

/**
 * The capacities of pooled buffers, in bytes. There are four to each doubling: a buffer is at most 25 % larger than
 * requested, and there are few sizes, so that a released buffer soon fits a request.
 */
final class BufferSizes {
    /** A smaller buffer comes from the heap and is not pooled: allocating it costs less than sharing it. */
    static final int SMALLEST = 4 * 1024;

    /** A larger buffer is not pooled, since it is unlikely to be needed twice. */
    static final int LARGEST = 1 << 30;

    private static final int STEPS_LOG2 = 2;
    private static final int STEPS = 1 << STEPS_LOG2;
    private static final int SMALLEST_LOG2 = Integer.numberOfTrailingZeros(SMALLEST);

    /** The number of sizes. */
    static final int COUNT = index(LARGEST) + 1;

    private BufferSizes() {}

    static boolean pooled(int bytes) {
        return bytes >= SMALLEST && bytes <= LARGEST;
    }

    /** Returns the index of the smallest size for so many bytes, from {@link #SMALLEST} to {@link #LARGEST}. */
    static int index(int bytes) {
        int doubling = 31 - Integer.numberOfLeadingZeros(bytes);
        int step = 1 << (doubling - STEPS_LOG2);
        int stepsAbove = (bytes - (1 << doubling) + step - 1) / step;
        return (doubling - SMALLEST_LOG2) * STEPS + stepsAbove;
    }

    static int capacity(int index) {
        int doubling = index / STEPS + SMALLEST_LOG2;
        return (1 << doubling) + (index % STEPS) * (1 << (doubling - STEPS_LOG2));
    }
}
