package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.PartitionView.CommitView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/** One partition in an examination: what the rules of the diagnosis ask about. Immutable. */
final class PartitionCase {

    /** Many clients commit once a minute, at a poll that may come some seconds later. */
    static final long STANDS_MS = 64_000;

    private final TopicPartition partition;
    private final Examination all;
    private final List<Seen> seen;
    private final List<Seen> commitsTold;
    private final Optional<MemberView> owner;
    private final long lastOwnedMs;
    private final CommitPace pace;

    /** When the committed offset has changed in the looks that are remembered, by the clock of the samples. */
    private final List<Long> movesMs = new ArrayList<>();

    /** One look at the partition. */
    private record Seen(long atMs, PartitionView view) {}

    PartitionCase(TopicPartition partition, Examination all, Optional<MemberView> owner, long lastOwnedMs) {
        this.partition = partition;
        this.all = all;
        this.owner = owner;
        this.lastOwnedMs = lastOwnedMs;
        this.pace = all.paces().getOrDefault(partition, CommitPace.UNTOLD);
        List<Seen> found = new ArrayList<>();
        for (Sample sample : all.samples()) {
            PartitionView view = sample.partitions().get(partition);
            if (view != null) {
                found.add(new Seen(sample.atMs(), view));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(partition + " is in no sample");
        }
        this.seen = List.copyOf(found);
        this.commitsTold =
                found.stream().filter(each -> each.view().commit().known()).toList();
        for (int i = 1; i < commitsTold.size(); i++) {
            if (differs(commitsTold.get(i - 1), commitsTold.get(i))) {
                movesMs.add(commitsTold.get(i).atMs());
            }
        }
    }

    TopicPartition partition() {
        return partition;
    }

    Examination examination() {
        return all;
    }

    Background background() {
        return all.background();
    }

    GroupView group() {
        return all.last().group();
    }

    /** Returns what the last look has shown. */
    PartitionView now() {
        return seen.get(seen.size() - 1).view();
    }

    /** Returns the member that has the partition, if one has. */
    Optional<MemberView> owner() {
        return owner;
    }

    /** Returns the id of the member that has the partition; empty if none has. */
    String ownerId() {
        return owner.map(MemberView::id).orElse("");
    }

    OptionalLong committed() {
        return now().commit().offset();
    }

    /** Returns the end of what the group's members can read, as far as their isolation level is known. */
    OptionalLong readableEnd() {
        return all.question().isolation() == Isolation.READ_COMMITTED
                ? now().ends().stable()
                : now().ends().highWatermark();
    }

    /** Returns how many offsets the group is behind; empty if not known or if nothing was ever committed. */
    OptionalLong lag() {
        OptionalLong end = readableEnd();
        OptionalLong committed = committed();
        return end.isPresent() && committed.isPresent()
                ? OptionalLong.of(Math.max(0, end.getAsLong() - committed.getAsLong()))
                : OptionalLong.empty();
    }

    boolean isBehind() {
        return lag().orElse(0) > 0;
    }

    /** Returns whether an open transaction keeps readers of committed records from the end of the log. */
    boolean isPinned() {
        return now().ends().areKnown()
                && now().ends().stable().getAsLong()
                        < now().ends().highWatermark().getAsLong();
    }

    /** Returns whether what the group has committed is beyond what readers of committed records can reach. */
    boolean isBeyondStable() {
        return now().isBeyondStable();
    }

    /**
     * Returns whether the committed offset moves: it has changed, and that is not longer ago than the pace of its
     * commits allows.
     */
    boolean isMoving() {
        return pace.moves() > 0 && lastToldMs() - pace.lastMoveMs() < patienceMs();
    }

    /**
     * Returns for how many milliseconds the committed offset may stand with something to read before it counts as
     * standing: what most clients need, or twice the longest time that it was seen to take. After a single change that
     * time is not known, and whoever has asked for a long look knows why.
     */
    long patienceMs() {
        long unknownMs = pace.moves() == 1 ? all.question().lookMs() : 0;
        return Math.max(STANDS_MS, Math.max(pacedMs(), unknownMs));
    }

    /** Returns twice the longest time, in milliseconds, that the committed offset was seen to take to change. */
    long pacedMs() {
        return 2 * pace.longestWaitMs();
    }

    /** Returns how often the committed offset has changed since this time, in the looks that are remembered. */
    int movesSince(long sinceMs) {
        return (int) movesMs.stream().filter(each -> each > sinceMs).count();
    }

    /** Returns when the committed offset has changed last, by the clock of the samples, if it has. */
    long lastMoveMs() {
        return pace.moves() > 0 ? pace.lastMoveMs() : Long.MIN_VALUE;
    }

    /** Returns since when there is something to read and the committed offset has not changed. */
    long standsSinceMs() {
        if (!pace.told() || pace.unreadSinceMs().isEmpty()) {
            return lastToldMs();
        }
        return Math.max(Math.max(pace.unchangedSinceMs(), pace.unreadSinceMs().getAsLong()), nextExistsSinceMs());
    }

    /** Returns the first of the latest looks at which the record that comes next was there. */
    private long nextExistsSinceMs() {
        NextRecord next = background().nextRecords().get(partition);
        if (next == null || !next.exists()) {
            return Long.MIN_VALUE;
        }
        long sinceMs = lastToldMs();
        for (int i = seen.size() - 1; i >= 0; i--) {
            OptionalLong end = seen.get(i).view().ends().highWatermark();
            if (end.isPresent() && end.getAsLong() <= next.offset()) {
                break;
            }
            sinceMs = seen.get(i).atMs();
        }
        return sinceMs;
    }

    /** Returns for how long, in milliseconds, there was something to read and the committed offset has not changed. */
    long standingMs() {
        return Math.max(0, lastToldMs() - standsSinceMs());
    }

    /** Returns for how long, in milliseconds, the committed offset has not changed, with or without a reason. */
    long unchangedMs() {
        return pace.told() ? lastToldMs() - pace.unchangedSinceMs() : 0;
    }

    private long lastToldMs() {
        return commitsTold.isEmpty()
                ? all.last().atMs()
                : commitsTold.get(commitsTold.size() - 1).atMs();
    }

    /** Returns for how many milliseconds, up to the last look, no member has had the partition. */
    long unownedMs() {
        long lastMs = all.last().atMs();
        return lastMs
                - seen.stream()
                        .mapToLong(Seen::atMs)
                        .filter(each -> each > lastOwnedMs)
                        .min()
                        .orElse(lastMs);
    }

    /** Returns whether the committed offset has gone back, as after a seek or a reset. */
    boolean wentBack() {
        for (int i = 1; i < commitsTold.size(); i++) {
            OptionalLong before = commitsTold.get(i - 1).view().commit().offset();
            OptionalLong after = commitsTold.get(i).view().commit().offset();
            if (before.isPresent() && after.isPresent() && after.getAsLong() < before.getAsLong()) {
                return true;
            }
        }
        return false;
    }

    /** Returns for how many milliseconds, up to the last look, each look has shown this. */
    long lastingMs(Predicate<PartitionView> what) {
        long since = all.last().atMs();
        for (int i = seen.size() - 1; i >= 0 && what.test(seen.get(i).view()); i--) {
            since = seen.get(i).atMs();
        }
        return all.last().atMs() - since;
    }

    /** Returns how many records a second the group has read. */
    double readPerSecond() {
        return perSecond(view -> view.commit().offset());
    }

    /** Returns how many offsets a second producers have added. */
    double writtenPerSecond() {
        return perSecond(view -> view.ends().highWatermark());
    }

    private double perSecond(Function<PartitionView, OptionalLong> figure) {
        List<Seen> told = seen.stream()
                .filter(each -> figure.apply(each.view()).isPresent())
                .toList();
        if (told.size() < 2) {
            return 0;
        }
        Seen last = told.get(told.size() - 1);
        // What was read before a seek back does not count: the figure is a speed.
        int from = told.size() - 1;
        while (from > 0
                && figure.apply(told.get(from - 1).view()).getAsLong()
                        <= figure.apply(told.get(from).view()).getAsLong()) {
            from--;
        }
        Seen first = told.get(from);
        long more = figure.apply(last.view()).getAsLong()
                - figure.apply(first.view()).getAsLong();
        return more * 1e3 / Math.max(1, last.atMs() - first.atMs());
    }

    /** Returns the commits that were seen, as the window that Burrow judges. */
    BurrowStatus.Window burrowWindow() {
        BurrowStatus.Window.Builder window = new BurrowStatus.Window.Builder();
        for (Seen each : seen) {
            OptionalLong committed = each.view().commit().offset();
            OptionalLong end = each.view().ends().highWatermark();
            if (committed.isPresent() && end.isPresent()) {
                window.sampled(each.atMs(), committed.getAsLong(), end.getAsLong());
            }
        }
        return window.build(all.last().atMs());
    }

    private static boolean differs(Seen before, Seen after) {
        CommitView one = before.view().commit();
        return !one.offset().equals(after.view().commit().offset());
    }
}
