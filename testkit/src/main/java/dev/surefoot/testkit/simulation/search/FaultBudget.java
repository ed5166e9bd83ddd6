package dev.surefoot.testkit.simulation.search;

import java.util.Collection;
import java.util.EnumSet;

/**
 * How many faults may still happen, of each kind and in all. Immutable.
 *
 * @param packed two bits for each kind, in the order of the enum of kinds
 * @param total how many of all kinds together, 0 or more
 */
public record FaultBudget(long packed, int total) {
    /** The most of one kind that a budget can hold. */
    public static final int EACH_MAX = 3;

    private static final int BITS = 2;

    /** The most kinds that an enum of faults can have here. */
    private static final int KINDS_MAX = Long.SIZE / BITS;

    /** The lowest bit of each kind. */
    private static final long ONES = 0x5555_5555_5555_5555L;

    /** Every other kind, with the bits of its neighbour left free. */
    private static final long EVERY_OTHER = 0x3333_3333_3333_3333L;

    /** The bit above each of those kinds. */
    private static final long BORROW = 0x4444_4444_4444_4444L;

    /** A total above any sum of the kinds. */
    public static final int UNBOUNDED = Integer.MAX_VALUE / 2;

    /** Returns a budget with this number of every kind of fault of a session, and this total. */
    public static FaultBudget ofEach(int each, int total) {
        return of(EnumSet.allOf(Fault.class), each, total);
    }

    /**
     * Returns a budget with this number of these kinds and none of the others.
     *
     * @param faults constants of one enum
     * @param each 0 to {@link #EACH_MAX}
     */
    public static FaultBudget of(Collection<? extends Enum<?>> faults, int each, int total) {
        if (each < 0 || each > EACH_MAX) {
            throw new IllegalArgumentException("faults of each kind must be 0 to " + EACH_MAX + ", got " + each);
        }
        long packed = 0;
        for (Enum<?> fault : faults) {
            packed |= (long) each << shift(fault);
        }
        return new FaultBudget(packed, total);
    }

    /** Returns how many of this kind may still happen. */
    public int left(Enum<?> fault) {
        return Math.min(total, (int) (packed >>> shift(fault)) & EACH_MAX);
    }

    /**
     * Returns the budget after a fault of this kind. A kind keeps no more than the total, so that equal
     * budgets are equal values.
     */
    FaultBudget without(Enum<?> fault) {
        long rest = packed - (1L << shift(fault));
        return switch (total) {
            case 1 -> new FaultBudget(0, 0);
            case 2 -> new FaultBudget((rest | (rest >>> 1)) & ONES, 1);
            default -> new FaultBudget(rest, total - 1);
        };
    }

    /** Returns whether this budget allows everything that the other one allows. */
    boolean covers(FaultBudget other) {
        return total >= other.total
                && coversEveryOther(packed, other.packed)
                && coversEveryOther(packed >>> BITS, other.packed >>> BITS);
    }

    /** Subtracts half of the kinds at once. Where there are fewer of a kind, the bit above it is borrowed. */
    private static boolean coversEveryOther(long kinds, long others) {
        return ((((kinds & EVERY_OTHER) | BORROW) - (others & EVERY_OTHER)) & BORROW) == BORROW;
    }

    @SuppressWarnings("EnumOrdinal") // the place of the bits means nothing outside one search
    private static int shift(Enum<?> fault) {
        if (fault.ordinal() >= KINDS_MAX) {
            throw new IllegalArgumentException(
                    "a budget holds " + KINDS_MAX + " kinds of faults, and " + fault + " is one more");
        }
        return BITS * fault.ordinal();
    }
}
