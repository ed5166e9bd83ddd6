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
 * Chooses a broker for requests that any broker can answer: a known broker, beginning with the one that answered last,
 * or else a bootstrap broker. Owned by the loop's thread.
 */
final class AnyBroker implements BrokerChoice {
    private static final int NO_BROKER = Integer.MIN_VALUE;

    private final Cluster cluster;
    private final Obstacles obstacles;
    private final boolean rebootstrap;
    private final long rebootstrapTriggerNanos;
    /** Grows by one with each broker that could not be asked or has not answered. */
    private int turnOfBroker;
    /** The broker that refused the credentials at the last failed request for metadata, or {@link #NO_BROKER}. */
    private int refusedBy = NO_BROKER;

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
        boolean knownFail =
                choice.failure() != null || (failing && nowNanos - failingSinceNanos >= rebootstrapTriggerNanos);
        boolean needsBootstrap = known.isEmpty() || (knownFail && rebootstrap);
        if (!needsBootstrap) {
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
     * The failure to report: refused credentials, which only the application can correct, before any other; else the
     * last one.
     */
    private static @Nullable RequestFailure graver(@Nullable RequestFailure before, @Nullable RequestFailure last) {
        return last != null && before != null && before.isRefusal() ? before : last;
    }

    /**
     * The last refusal of credentials, which also answers questions asked before the next attempt to connect. Returns
     * null, and clears it, once the broker no longer refuses.
     */
    @Nullable RequestFailure standingRefusal(Outbox outbox) {
        if (refusedBy == NO_BROKER) {
            return null;
        }
        RequestFailure failure = outbox.readiness(refusedBy, Purpose.CONTROL).failure();
        if (failure != null && failure.isRefusal()) {
            return failure;
        }
        refusedBy = NO_BROKER;
        return null;
    }

    @Override
    public void tryNext() {
        turnOfBroker++;
    }

    /** Records that a request for metadata failed, or that no broker could be asked. */
    void metadataFailed(long nowNanos) {
        turnOfBroker++;
        if (!failing) {
            failing = true;
            failingSinceNanos = nowNanos;
        }
    }

    /** Asks the bootstrap brokers next, after a known broker has answered that this is required (KIP-1102). */
    void rebootstrapRequired(long nowNanos) {
        failingSinceNanos = nowNanos - rebootstrapTriggerNanos;
    }

    /** Records that metadata was answered, which ends the row of failures. */
    void metadataAnswered() {
        failing = false;
        refusedBy = NO_BROKER;
    }
}
