package dev.surefoot.cli.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The status that Burrow would give a partition of a group, for who migrates from it; the constants are in its order.
 *
 * <p>It knows commits and ends only, so an idle topic or a client that commits seldom may look bad. Here it judges the
 * commits that were sampled: a commit of an unchanged offset cannot be seen.
 */
enum BurrowStatus {
    NOTFOUND,
    OK,
    WARN,
    ERR,
    STOP,
    STALL,
    REWIND;

    /** Burrow's default for {@code intervals}. */
    private static final int WINDOW_MAX = 10;

    /**
     * One commit.
     *
     * @param atMs when it was made
     * @param offset what was committed
     * @param lag the end of the log at that time, less the offset
     */
    record Commit(long atMs, long offset, long lag) {}

    /**
     * The commits and ends of the log that are judged, oldest first.
     *
     * @param commits at most {@link #WINDOW_MAX} of them
     * @param ends the ends of the log in the same time
     * @param lag the lag now
     * @param nowMs the time of the judgement
     */
    record Window(List<Commit> commits, List<Long> ends, long lag, long nowMs) {

        Window {
            commits = List.copyOf(commits);
            ends = List.copyOf(ends);
        }

        /** Collects what is sampled. */
        static final class Builder {
            private final List<Commit> commits = new ArrayList<>();
            private final List<Long> ends = new ArrayList<>();
            private long offset;
            private long end;

            /** Adds a look at the partition, later than those before. */
            void sampled(long atMs, long committed, long endNow) {
                if (commits.isEmpty() || committed != offset) {
                    commits.add(new Commit(atMs, committed, Math.max(0, endNow - committed)));
                }
                offset = committed;
                end = endNow;
                ends.add(endNow);
            }

            Window build(long nowMs) {
                int from = Math.max(0, commits.size() - WINDOW_MAX);
                int endsFrom = Math.max(0, ends.size() - WINDOW_MAX);
                return new Window(
                        commits.subList(from, commits.size()),
                        ends.subList(endsFrom, ends.size()),
                        Math.max(0, end - offset),
                        nowMs);
            }
        }
    }

    /** Judges one partition; a window without commits is not found. */
    static BurrowStatus of(Window window) {
        List<Commit> commits = window.commits();
        if (commits.isEmpty()) {
            return NOTFOUND;
        }
        if (window.lag() == 0) {
            return OK;
        }
        if (hasStopped(window)) {
            return STOP;
        }
        if (hasRewound(commits)) {
            return REWIND;
        }
        if (commits.stream().anyMatch(each -> each.lag() == 0)) {
            return OK;
        }
        if (commits.stream().mapToLong(Commit::offset).distinct().count() == 1) {
            return STALL;
        }
        return lagNeverFalls(commits) ? WARN : OK;
    }

    /** Judges a group: the worst of its partitions, where all that is worse than an error is one. */
    static BurrowStatus ofGroup(Collection<BurrowStatus> partitions) {
        BurrowStatus worst = partitions.stream().max(Enum::compareTo).orElse(NOTFOUND);
        return worst.compareTo(ERR) > 0 ? ERR : worst;
    }

    private static boolean hasStopped(Window window) {
        Commit first = window.commits().get(0);
        Commit last = window.commits().get(window.commits().size() - 1);
        boolean silent = window.nowMs() - last.atMs() > last.atMs() - first.atMs();
        return silent && window.ends().stream().noneMatch(end -> end <= last.offset());
    }

    /** A rewind that is made up for later in the window does not count. */
    private static boolean hasRewound(List<Commit> commits) {
        for (int i = 1; i < commits.size(); i++) {
            long before = commits.get(i - 1).offset();
            if (commits.get(i).offset() < before
                    && commits.subList(i, commits.size()).stream().noneMatch(each -> each.offset() >= before)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lagNeverFalls(List<Commit> commits) {
        for (int i = 1; i < commits.size(); i++) {
            if (commits.get(i).lag() < commits.get(i - 1).lag()) {
                return false;
            }
        }
        return true;
    }
}
