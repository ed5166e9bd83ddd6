package dev.surefoot.core.fetch;

import dev.surefoot.core.position.Effect;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.SessionHealth;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The means to mend a fetch session from outside, when what it shows contradicts what is known. They act on the next
 * requests; none of them sends anything. Owned by the loop's thread.
 */
public final class SessionLevers {
    /** From so many resets in a row on, opening the session again has not helped. */
    private static final int REFUSALS = 3;

    private final FetchedBrokers brokers;
    private final PartitionRouting routing;
    private final Backoff backoff;
    /** Requests that close sessions which others have replaced, by node id. */
    private final Map<Integer, FetchPlan> closing = new LinkedHashMap<>();

    SessionLevers(FetchedBrokers brokers, PartitionRouting routing, Backoff backoff) {
        this.brokers = brokers;
        this.routing = routing;
        this.backoff = backoff;
    }

    /** How the session with the broker does, or null if there is none. */
    public @Nullable SessionHealth health(int nodeId) {
        FetchedBroker broker = brokers.find(nodeId);
        return broker == null ? null : broker.session().health();
    }

    /** Whether the session with the broker says that a request is outstanding, and none is: it never sends again. */
    public boolean isStuck(int nodeId) {
        FetchedBroker broker = brokers.find(nodeId);
        return broker != null && broker.isStuck();
    }

    /** Whether the broker refuses what the session sends, or contradicts it, again and again. */
    public boolean isRefused(int nodeId) {
        SessionHealth health = health(nodeId);
        return health != null && health.resetsInARow() >= REFUSALS;
    }

    /** Has these partitions announced anew in the session with the broker. */
    public void reannounce(int nodeId, Iterable<TopicPartition> partitions) {
        FetchedBroker broker = brokers.find(nodeId);
        if (broker != null) {
            partitions.forEach(broker.session()::reannounce);
        }
    }

    /** Has the next request to the broker list all partitions and replace the session. */
    public void reopen(int nodeId) {
        FetchedBroker broker = brokers.find(nodeId);
        if (broker != null) {
            broker.session().reopen();
        }
    }

    /**
     * Replaces the session with the broker by a new one of the usual handler, as soon as no request of it is under way.
     *
     * @return what has to be applied
     */
    public List<Effect> replace(int nodeId) {
        brokers.replace(nodeId);
        return replaceIfDue(nodeId);
    }

    /**
     * As {@link #replace}, but by the handler that ships, and without the use of fetch sessions: each request then
     * lists all partitions.
     */
    public List<Effect> doWithoutSession(int nodeId) {
        FetchSession plain = new VerifiedFetchSession(false, Long.MAX_VALUE / 2, backoff);
        brokers.open(nodeId).replaceBy(plain);
        return replaceIfDue(nodeId);
    }

    /** Replaces the session if that is asked for and no request is under way. */
    List<Effect> replaceIfDue(int nodeId) {
        FetchedBroker broker = brokers.find(nodeId);
        if (broker == null || !broker.isToBeReplaced()) {
            return List.of();
        }
        FetchPlan plan = broker.replace();
        if (plan != null) {
            closing.put(nodeId, plan);
        }
        List<Effect> effects = new ArrayList<>();
        routing.fetchedFrom(nodeId).forEach(name -> effects.add(new Effect.Reroute(name)));
        return effects;
    }

    /** Returns and removes the requests that close replaced sessions, by node id. */
    public Map<Integer, FetchPlan> takeClosing() {
        if (closing.isEmpty()) {
            return Map.of();
        }
        Map<Integer, FetchPlan> taken = new LinkedHashMap<>(closing);
        closing.clear();
        return taken;
    }
}
