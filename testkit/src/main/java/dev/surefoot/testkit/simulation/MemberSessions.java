package dev.surefoot.testkit.simulation;

import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.testkit.simulation.check.SessionOracle;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.GroupWorld;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/** Checks the fetch sessions of one member, as those of a consumer without a group are checked. */
final class MemberSessions implements SessionOracle.Surroundings {
    private static final long MILLI = 1_000_000L;

    private final Shape shape;
    private final GroupWorld world;
    private final Verdicts verdicts;
    private final long backoffNanos;

    MemberSessions(Shape shape, GroupWorld world, Verdicts verdicts, long backoffNanos) {
        this.shape = shape;
        this.world = world;
        this.verdicts = verdicts;
        this.backoffNanos = backoffNanos;
    }

    /** Returns the same sessions, each behind an oracle. */
    UnaryOperator<FetchSession.Factory> watching(UnaryOperator<FetchSession.Factory> subject) {
        SessionOracle.Terms terms = new SessionOracle.Terms(
                shape.sessions(), shape.auditMillis() * MILLI, shape.firstSessionEpoch(), backoffNanos / 2);
        return shipped -> {
            FetchSession.Factory sessions = subject.apply(shipped);
            return nodeId -> new SessionOracle(sessions.open(nodeId), nodeId, terms, this);
        };
    }

    @Override
    public long nanos() {
        return world.time().nanos();
    }

    @Override
    public @Nullable Map<TopicIdPartition, FetchTarget> heldByBroker(int nodeId, int sessionId) {
        return world.held(nodeId, sessionId);
    }

    @Override
    public int epochAtBroker(int nodeId, int sessionId) {
        return world.epoch(nodeId, sessionId);
    }

    @Override
    public void judged(int nodeId, Verdict verdict) {
        verdicts.add(verdict);
    }
}
