package dev.surefoot.cli.doctor;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * When groups are looked at. Used by one thread.
 *
 * @param groups the groups
 * @param lookMs for how long, in milliseconds
 * @param mayExtend whether to look longer where that decides what is undecided
 * @param peek whether to read the next record of what stands
 * @param clockMs a clock that never goes back, in milliseconds
 * @param stop ends it early
 */
record Rounds(List<GroupWatch> groups, long lookMs, boolean mayExtend, boolean peek, LongSupplier clockMs, Stop stop) {

    /** The time between two looks. */
    static final long STEP_MS = 2_500;

    /** The longest look that nobody has asked for: long enough for clients that commit once a minute. */
    static final long EXTENDED_MS = 65_000;

    /** The time between two questions about details; a transaction that hangs is asked about twice. */
    private static final long DETAILS_STEP_MS = 10_000;

    /**
     * Looks for the given time.
     *
     * @param progress receives how many milliseconds of it have passed
     * @return the reports; empty if the end was asked for before all groups were seen
     */
    List<Report> once(LongConsumer progress) {
        long startMs = clockMs.getAsLong();
        long askMs = startMs;
        long detailsMs = startMs;
        try {
            while (true) {
                long beganMs = clockMs.getAsLong();
                groups.forEach(GroupWatch::sample);
                if (beganMs >= askMs) {
                    groups.forEach(GroupWatch::askAboutTransactions);
                    askMs = beganMs + DETAILS_STEP_MS;
                }
                long passedMs = beganMs - startMs;
                progress.accept(Math.min(passedMs, lookMs));
                if (passedMs >= lookMs) {
                    // Before it is judged: what comes next decides much of it.
                    if (beganMs >= detailsMs) {
                        groups.forEach(each -> each.askDetails(peek));
                        detailsMs = beganMs + DETAILS_STEP_MS;
                    }
                    if (!isWorthLonger(passedMs)) {
                        break;
                    }
                }
                stop.pause(Math.max(0, beganMs + STEP_MS - clockMs.getAsLong()));
                if (stop.isAsked()) {
                    break;
                }
            }
        } catch (Stop.Asked e) {
            // What was seen until then is reported.
            return reports();
        }
        return reports();
    }

    private boolean isWorthLonger(long passedMs) {
        return mayExtend
                && passedMs < EXTENDED_MS
                && groups.stream().anyMatch(each -> Diagnosis.neededMs(each.report()) > passedMs);
    }

    private List<Report> reports() {
        return groups.stream().allMatch(GroupWatch::hasSeen)
                ? groups.stream().map(GroupWatch::report).toList()
                : List.of();
    }

    /** Looks until the end is asked for, and passes on a report of each group after each look. */
    void on(Consumer<List<Report>> changes) {
        long detailsMs = clockMs.getAsLong();
        while (!stop.isAsked()) {
            long beganMs = clockMs.getAsLong();
            try {
                groups.forEach(GroupWatch::sample);
                if (beganMs - detailsMs >= DETAILS_STEP_MS) {
                    groups.forEach(each -> each.askDetails(peek));
                    detailsMs = beganMs;
                }
                changes.accept(reports());
            } catch (Stop.Asked e) {
                return;
            }
            stop.pause(Math.max(0, beganMs + STEP_MS - clockMs.getAsLong()));
        }
    }
}
