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

    private final TopicPartition partition;
    private final Examination all;
    private final List<Seen> seen;
    private final List<Seen> commitsTold;
    private final Optional<MemberView> owner;

    /** When the committed offset has changed, by the clock of the samples. */
    private final List<Long> movesMs = new ArrayList<>();

    /** One look at the partition. */
    private record Seen(long atMs, PartitionView view) {}

    PartitionCase(TopicPartition partition, Examination all, Optional<MemberView> owner) {
        this.partition = partition;
        this.all = all;
        this.owner = owner;
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

    /** Returns whether the committed offset has changed at all while it was looked at. */
    boolean hasMoved() {
        return !movesMs.isEmpty();
    }

    /** Returns how often the committed offset has changed from one look to the next. */
    int moves() {
        return movesMs.size();
    }

    /** Returns when the committed offset has changed last, by the clock of the samples, if it has. */
    long lastMoveMs() {
        return hasMoved() ? movesMs.get(movesMs.size() - 1) : Long.MIN_VALUE;
    }

    /** Returns since when the committed offset has not changed, by the clock of the samples. */
    long standsSinceMs() {
        if (hasMoved()) {
            return lastMoveMs();
        }
        return commitsTold.isEmpty() ? all.last().atMs() : commitsTold.get(0).atMs();
    }

    /** Returns for how many milliseconds the committed offset has not changed, up to the last look that has told it. */
    long standingMs() {
        return commitsTold.isEmpty()
                ? 0
                : commitsTold.get(commitsTold.size() - 1).atMs() - standsSinceMs();
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
        Seen first = told.get(0);
        Seen last = told.get(told.size() - 1);
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
