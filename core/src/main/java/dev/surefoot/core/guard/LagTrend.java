package dev.surefoot.core.guard;

/**
 * Whether the lag of one partition grows, and whether data waits for the application meanwhile, over the last five
 * minutes. Owned by the loop's thread.
 */
final class LagTrend {
    static final int MINUTES = 5;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int[] looks = new int[MINUTES];
    private final int[] waits = new int[MINUTES];
    private final boolean[] grew = new boolean[MINUTES];
    private int minutes;
    private long minuteNanos;
    private long lagThen;

    LagTrend(long lag, long nowNanos) {
        lagThen = lag;
        minuteNanos = nowNanos;
    }

    /**
     * Takes note of one look.
     *
     * @param dataWaits whether fetched data waits for the application
     */
    void look(long lag, boolean dataWaits, long nowNanos) {
        if (nowNanos - minuteNanos >= MINUTE_NANOS) {
            grew[minutes % MINUTES] = lag > lagThen;
            lagThen = lag;
            minuteNanos = nowNanos;
            minutes++;
            looks[minutes % MINUTES] = 0;
            waits[minutes % MINUTES] = 0;
        }
        looks[minutes % MINUTES]++;
        waits[minutes % MINUTES] += dataWaits ? 1 : 0;
    }

    /** Whether it has grown in all of the last five minutes but one. */
    boolean grows() {
        int count = 0;
        for (boolean each : grew) {
            count += each ? 1 : 0;
        }
        return minutes >= MINUTES && count >= MINUTES - 1;
    }

    /** In how many of a hundred looks data has waited for the application. */
    int waitingPercent() {
        int all = 0;
        int waiting = 0;
        for (int i = 0; i < MINUTES; i++) {
            all += looks[i];
            waiting += waits[i];
        }
        return all == 0 ? 0 : 100 * waiting / all;
    }
}
