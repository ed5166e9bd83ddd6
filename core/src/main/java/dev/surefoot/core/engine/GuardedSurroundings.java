package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.group.GroupView;
import dev.surefoot.core.guard.ApplicationView;
import dev.surefoot.core.guard.Guard;
import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.core.guard.Surroundings;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the guard cannot see from its floor, as of the present turn. Owned by the loop's thread. */
final class GuardedSurroundings implements Surroundings {
    private final Supplier<Map<Integer, FetchDelay>> delays;
    private final HeldBackFetches heldBack = new HeldBackFetches();

    private final Supplier<@Nullable Group> group;
    private @Nullable BrokerLink link;
    /**
     * By node id, each asked for once in a turn: the guard asks for each partition. {@code bench throughput
     * --partitions 1000} spends half as much time in the guard so.
     */
    private final Map<Integer, LinkCondition> fetchLinks = new HashMap<>();

    private Memory memory = new Memory(0, 0);
    private long epochMillis;
    private long nowNanos;

    /**
     * @param delays why each broker that was due was not sent a fetch in this turn
     * @param group the consumer's part in its group, or null
     */
    GuardedSurroundings(Supplier<Map<Integer, FetchDelay>> delays, Supplier<@Nullable Group> group) {
        this.delays = delays;
        this.group = group;
    }

    /** The guard of an engine, with these surroundings. */
    Guard guard(
            EngineSettings settings,
            Cluster cluster,
            MetadataRefresh refresh,
            Positions positions,
            Fetcher fetcher,
            ApplicationView application,
            SplittableRandom random) {
        GuardSettings guardSettings = new GuardSettings(
                settings.guard(),
                settings.fetchLimits().maxPartitionBytes(),
                settings.readCommitted(),
                settings.group() != null,
                settings.recovery());
        return new Guard(guardSettings, cluster, refresh, positions, fetcher, this, application, random);
    }

    void enter(BrokerLink present, Turn turn) {
        link = present;
        fetchLinks.clear();
        epochMillis = turn.epochMillis();
        nowNanos = turn.nowNanos();
        memory = new Memory(turn.heldBytes(), turn.capacityBytes());
        heldBack.note(delays.get(), nowNanos);
    }

    @Override
    public List<Integer> bootstrapIds() {
        return link == null ? List.of() : link.bootstrapIds();
    }

    @Override
    public @Nullable LinkCondition fetchLink(int nodeId, long nowNanos) {
        LinkCondition known = fetchLinks.get(nodeId);
        if (known == null && link != null) {
            known = link.condition(nodeId, Purpose.FETCH, nowNanos);
            if (known != null) {
                fetchLinks.put(nodeId, known);
            }
        }
        return known;
    }

    @Override
    public @Nullable LinkCondition controlLink(int nodeId, long nowNanos) {
        return link == null ? null : link.condition(nodeId, Purpose.CONTROL, nowNanos);
    }

    @Override
    public @Nullable LinkCondition coordinatorLink(int nodeId, long nowNanos) {
        return link == null ? null : link.condition(nodeId, Purpose.COORDINATOR, nowNanos);
    }

    @Override
    public @Nullable GroupView group(long nowNanos) {
        Group present = group.get();
        return present == null ? null : present.view(nowNanos);
    }

    @Override
    public boolean isOffsetUnstable(TrackedPartition partition) {
        Group present = group.get();
        return present != null && present.committed().isUnstable(partition);
    }

    @Override
    public boolean isHeldBack(int nodeId) {
        return heldBack.isHeldBack(nodeId, nowNanos);
    }

    @Override
    public boolean waitsForApplication(int nodeId) {
        return heldBack.waits(nodeId, nowNanos);
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public long epochMillis() {
        return epochMillis;
    }
}
