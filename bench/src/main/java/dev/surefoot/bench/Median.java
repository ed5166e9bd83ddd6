package dev.surefoot.bench;

import java.util.Arrays;

/** Computes medians. */
public final class Median {
    private Median() {}

    /**
     * Returns the median of some values, whose order stays as it is; the mean of the middle two if their number is
     * even.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static double of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured, so nothing is in the middle");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
