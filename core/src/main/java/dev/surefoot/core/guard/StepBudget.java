package dev.surefoot.core.guard;

/**
 * Bounds the steps at one broker, so that many clients together stay bearable for a broker that comes back. Owned by
 * the loop's thread.
 */
final class StepBudget {
    /** The most steps in a row. */
    static final int TOKENS_MAX = 4;

    /** After so many nanoseconds one more step is allowed. */
    static final long REFILL_NANOS = 60_000_000_000L;

    private int tokens = TOKENS_MAX;
    private long refilledNanos;

    /** Takes a token; returns false if there is none. */
    boolean take(long nowNanos) {
        if (tokens == TOKENS_MAX) {
            refilledNanos = nowNanos;
        }
        long refills = (nowNanos - refilledNanos) / REFILL_NANOS;
        tokens = (int) Math.min(TOKENS_MAX, tokens + refills);
        refilledNanos += refills * REFILL_NANOS;
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }
}
