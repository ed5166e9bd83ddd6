package dev.surefoot.net;

/**
 * The capacities that pooled buffers come in: four to each doubling, so that a buffer is at most 25 % larger than what
 * it was asked for, and few enough sizes that a freed buffer soon fits again.
 */
final class BufferSizes {
    /** Below this a buffer comes from the heap and is not pooled: allocating it costs less than sharing it. */
    static final int SMALLEST = 4 * 1024;

    /** Above this a buffer is not pooled: nobody asks for a gigabyte twice. */
    static final int LARGEST = 1 << 30;

    private static final int STEPS_LOG2 = 2;
    private static final int STEPS = 1 << STEPS_LOG2;
    private static final int SMALLEST_LOG2 = Integer.numberOfTrailingZeros(SMALLEST);

    /** How many sizes there are. */
    static final int COUNT = index(LARGEST) + 1;

    private BufferSizes() {}

    static boolean pooled(int bytes) {
        return bytes >= SMALLEST && bytes <= LARGEST;
    }

    /** Which size fits that many bytes, from {@link #SMALLEST} to {@link #LARGEST}. */
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
