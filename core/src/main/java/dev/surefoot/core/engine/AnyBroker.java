package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.List;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * Finds a broker for what any broker can answer: known brokers first, beginning with the one that served last;
 * bootstrap servers when there is no other way. Owned by the loop's thread.
 */
final class AnyBroker implements BrokerChoice {
    private static final int NOBODY = Integer.MIN_VALUE;

    private final Cluster cluster;
    private final Obstacles obstacles;
    private final boolean rebootstrap;
    private final long rebootstrapTriggerNanos;
    /** Counts on with each broker that could not be asked or has not answered. */
    private int turnOfBroker;
    /** The broker that refused the credentials when metadata could last not be had, or {@link #NOBODY}. */
    private int refusedBy = NOBODY;

    private boolean failing;
    private long failingSinceNanos;

    AnyBroker(EngineSettings settings, Cluster cluster, Obstacles obstacles) {
        this.cluster = cluster;
        this.obstacles = obstacles;
        this.rebootstrap = settings.rebootstrap();
        this.rebootstrapTriggerNanos = settings.rebootstrapTriggerNanos();
    }

    @Override
    public Choice choose(Outbox outbox, long nowNanos) {
        List<Integer> known = cluster.brokers().stream().map(Node::id).sorted().toList();
        Choice choice = chooseAmong(known, outbox);
        boolean hopeless =
                choice.failure() != null || (failing && nowNanos - failingSinceNanos >= rebootstrapTriggerNanos);
        boolean nobodyElse = known.isEmpty() || (hopeless && rebootstrap);
        if (!nobodyElse) {
            return choice;
        }
        Choice bootstrap = chooseAmong(outbox.bootstrapIds(), outbox);
        return new Choice(bootstrap.nodeId(), bootstrap.found(), graver(choice.failure(), bootstrap.failure()));
    }

    private Choice chooseAmong(List<Integer> candidates, Outbox outbox) {
        RequestFailure last = null;
        for (int tried = 0; tried < candidates.size(); tried++) {
            int nodeId = candidates.get(Math.floorMod(turnOfBroker, candidates.size()));
            Readiness readiness = outbox.readiness(nodeId, Purpose.CONTROL);
            RequestFailure failure = readiness.failure();
            if (failure == null) {
                return new Choice(nodeId, readiness.isReady(), null);
            }
            obstacles.brokerFailed(nodeId, failure.cause());
            if (failure.isRefusal()) {
                refusedBy = nodeId;
            }
            last = graver(last, failure);
            turnOfBroker++;
        }
        return new Choice(-1, false, last);
    }

    /**
     * Refused credentials are what the application has to know of, whoever else cannot be reached; else the last
     * failure.
     */
    private static @Nullable RequestFailure graver(@Nullable RequestFailure before, @Nullable RequestFailure last) {
        return last != null && before != null && before.isRefusal() ? before : last;
    }

    /**
     * The refusal of credentials that lasts: it stays one until the next attempt, so a question that comes meanwhile
     * has its answer. Null, and forgotten, if the broker that refused does not refuse any more.
     */
    @Nullable RequestFailure standingRefusal(Outbox outbox) {
        if (refusedBy == NOBODY) {
            return null;
        }
        RequestFailure failure = outbox.readiness(refusedBy, Purpose.CONTROL).failure();
        if (failure != null && failure.isRefusal()) {
            return failure;
        }
        refusedBy = NOBODY;
        return null;
    }

    @Override
    public void tryNext() {
        turnOfBroker++;
    }

    /** Metadata could not be had, from one broker or from any. */
    void metadataFailed(long nowNanos) {
        turnOfBroker++;
        if (!failing) {
            failing = true;
            failingSinceNanos = nowNanos;
        }
    }

    /** The brokers that are known say that they are of no use (KIP-1102): the bootstrap servers are asked at once. */
    void rebootstrapRequired(long nowNanos) {
        failingSinceNanos = nowNanos - rebootstrapTriggerNanos;
    }

    void metadataAnswered() {
        failing = false;
        refusedBy = NOBODY;
    }
}
