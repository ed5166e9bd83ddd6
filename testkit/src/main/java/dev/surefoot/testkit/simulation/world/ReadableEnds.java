package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/** Where the logs ended at which time, to compare with what a client says of that. Used by the simulation's thread. */
public final class ReadableEnds {
    /** For how long ends are remembered: longer than any proof may stand. */
    private static final long KEPT_NANOS = 120_000 * Wire.MILLI;

    /** A broker that leads nothing, and so sees what followers do. */
    private static final int ANY_FOLLOWER = -2;

    /**
     * The end from a time on.
     *
     * @param filled from where on compaction has left nothing below the leader's end
     * @param filledAtFollowers the same for the followers' end
     */
    private record End(long sinceNanos, long atLeader, long atFollowers, long filled, long filledAtFollowers) {
        boolean isSame(End other) {
            return atLeader == other.atLeader
                    && atFollowers == other.atFollowers
                    && filled == other.filled
                    && filledAtFollowers == other.filledAtFollowers;
        }
    }

    private final VirtualTime time;
    private final ModelCluster cluster;
    private final boolean readCommitted;
    private final Map<TopicPartition, ArrayDeque<End>> ends = new HashMap<>();

    ReadableEnds(VirtualTime time, ModelCluster cluster, boolean readCommitted) {
        this.time = time;
        this.cluster = cluster;
        this.readCommitted = readCommitted;
    }

    /** Notes the ends as they are now. Called when any may have changed. */
    void note() {
        cluster.topics().forEach(topic -> topic.partitions().forEach(this::note));
    }

    private void note(ModelPartition partition) {
        long stable = partition.log().lastStableOffset();
        long atLeader = readCommitted ? stable : partition.log().highWatermark();
        long visible = partition.visibleAt(ANY_FOLLOWER);
        long atFollowers = readCommitted ? Math.min(stable, visible) : visible;
        long filled = partition.log().filledBelow(atLeader);
        long filledAtFollowers = partition.log().filledBelow(atFollowers);
        End now = new End(time.nanos(), atLeader, atFollowers, filled, filledAtFollowers);
        ArrayDeque<End> known = ends.computeIfAbsent(partition.name(), name -> new ArrayDeque<>());
        End last = known.peekLast();
        if (last != null && last.isSame(now)) {
            return;
        }
        known.add(now);
        while (known.size() > 1 && second(known).sinceNanos() < now.sinceNanos() - KEPT_NANOS) {
            known.remove();
        }
    }

    private static End second(ArrayDeque<End> known) {
        Iterator<End> all = known.iterator();
        all.next();
        return all.next();
    }

    /**
     * Returns whether the log ended at such an offset at some moment from this time until now.
     *
     * @param atFollower whether the end at a follower counts as well
     */
    public boolean was(TopicPartition partition, LongPredicate end, boolean atFollower, long sinceNanos) {
        return was(
                partition,
                each -> end.test(each.atLeader()) || (atFollower && end.test(each.atFollowers())),
                sinceNanos);
    }

    /**
     * Returns whether nothing was left to read from an offset on at some moment from this time until now.
     *
     * @param atFollower whether the log at a follower counts as well
     */
    public boolean wasEmptyFrom(TopicPartition partition, long offset, boolean atFollower, long sinceNanos) {
        return was(
                partition,
                each -> each.filled() <= offset || (atFollower && each.filledAtFollowers() <= offset),
                sinceNanos);
    }

    private boolean was(TopicPartition partition, Predicate<End> what, long sinceNanos) {
        Iterator<End> latestFirst =
                ends.getOrDefault(partition, new ArrayDeque<>()).descendingIterator();
        while (latestFirst.hasNext()) {
            End each = latestFirst.next();
            if (what.test(each)) {
                return true;
            }
            if (each.sinceNanos() <= sinceNanos) {
                return false;
            }
        }
        return false;
    }

    /** Returns where the log ends now, or -1 if it does not exist. */
    public long now(TopicPartition partition) {
        ArrayDeque<End> known = ends.get(partition);
        return known == null ? -1 : known.getLast().atLeader();
    }
}
