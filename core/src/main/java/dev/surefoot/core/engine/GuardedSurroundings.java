package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.guard.ApplicationView;
import dev.surefoot.core.guard.Guard;
import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.core.guard.Surroundings;
import dev.surefoot.core.position.Positions;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the guard cannot see from its floor, as of the present turn. Owned by the loop's thread. */
final class GuardedSurroundings implements Surroundings {
    private final Supplier<Map<Integer, FetchDelay>> delays;
    private @Nullable BrokerLink link;
    private Memory memory = new Memory(0, 0);

    /** @param delays why each broker that was due was not sent a fetch in this turn */
    GuardedSurroundings(Supplier<Map<Integer, FetchDelay>> delays) {
        this.delays = delays;
    }

    /** The guard of an engine, with these surroundings. */
    Guard guard(
            EngineSettings settings,
            Cluster cluster,
            MetadataRefresh refresh,
            Positions positions,
            Fetcher fetcher,
            ApplicationView application) {
        GuardSettings guardSettings = new GuardSettings(
                settings.guard(),
                settings.fetchLimits().maxPartitionBytes(),
                settings.readCommitted(),
                settings.group() != null);
        return new Guard(guardSettings, cluster, refresh, positions, fetcher, this, application);
    }

    void enter(BrokerLink present, Turn turn) {
        link = present;
        memory = new Memory(turn.heldBytes(), turn.capacityBytes());
    }

    @Override
    public List<Integer> bootstrapIds() {
        return link == null ? List.of() : link.bootstrapIds();
    }

    @Override
    public @Nullable LinkCondition fetchLink(int nodeId, long nowNanos) {
        return link == null ? null : link.condition(nodeId, Purpose.FETCH, nowNanos);
    }

    @Override
    public @Nullable LinkCondition controlLink(int nodeId, long nowNanos) {
        return link == null ? null : link.condition(nodeId, Purpose.CONTROL, nowNanos);
    }

    @Override
    public boolean isHeldBack(int nodeId) {
        FetchDelay delay = delays.get().get(nodeId);
        return delay != null
                && (delay.reason() == FetchDelay.Reason.FAR_AHEAD || delay.reason() == FetchDelay.Reason.NO_MEMORY);
    }

    @Override
    public Memory memory() {
        return memory;
    }
}
