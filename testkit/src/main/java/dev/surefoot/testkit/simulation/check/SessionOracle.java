package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.SessionBelief;
import dev.surefoot.core.session.SessionHealth;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.testkit.simulation.check.ReferenceSession.Wanted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Passes all calls between a consumer and the session handler under test, and compares the handler's results with a
 * reference session. It calls only what the consumer calls, so it can judge any handler. Used by the simulation's
 * thread.
 */
public final class SessionOracle implements FetchSession {

    /** What the oracle reads from the world. */
    public interface Surroundings {
        long nanos();

        /**
         * The partitions that the broker holds in this session; null if there is no such session,
         * or if it was tampered with.
         */
        @Nullable Map<TopicIdPartition, FetchTarget> heldByBroker(int nodeId, int sessionId);

        /** Returns the epoch that the broker expects next in this session, which must exist. */
        int epochAtBroker(int nodeId, int sessionId);

        /** Receives every verdict. */
        void judged(int nodeId, Verdict verdict);
    }

    /** The settings of the consumer that concern sessions. */
    public record Terms(boolean sessions, long auditNanos, int firstEpoch, long leastBackoffNanos) {}

    private final FetchSession handler;
    private final int nodeId;
    private final Surroundings surroundings;
    private final ReferenceSession reference;
    private final PlanCheck planCheck;

    private @Nullable PlanSnapshot planned;
    private @Nullable PlanSnapshot outstanding;
    private final List<FetchPlan> dropped = new ArrayList<>();
    private long sentNanos = -1;

    /**
     * @param handler the session handler under test
     * @param nodeId the broker of the session
     */
    public SessionOracle(FetchSession handler, int nodeId, Terms terms, Surroundings surroundings) {
        this.handler = handler;
        this.nodeId = nodeId;
        this.surroundings = surroundings;
        this.reference = new ReferenceSession(terms.firstEpoch());
        this.planCheck = new PlanCheck(reference, terms);
    }

    /** Returns the belief that the client must have, in words. */
    public String belief() {
        return reference.belief() + " with " + Wording.targets(reference.held());
    }

    /** Returns the session that the client must believe in now, or 0. */
    public int liveSessionId() {
        return reference.belief().isLive() ? reference.belief().sessionId() : 0;
    }

    /** Returns the broker of the session. */
    public int nodeId() {
        return nodeId;
    }

    /** Returns when the last request was sent, or -1. */
    public long lastSentNanos() {
        return sentNanos;
    }

    /** Returns the partitions that the broker still holds although they are not wanted any more. */
    public Set<TopicPartition> leftBehind() {
        Set<TopicPartition> left = new HashSet<>();
        reference.told.keySet().forEach(key -> left.add(key.topicPartition()));
        left.removeAll(reference.wanted.keySet());
        return left;
    }

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {
        reference.wanted.put(partition, new Wanted(topicId, target));
        handler.want(partition, topicId, target);
    }

    @Override
    public void unwant(TopicPartition partition) {
        reference.wanted.remove(partition);
        handler.unwant(partition);
    }

    @Override
    public boolean wantsAny() {
        return handler.wantsAny();
    }

    @Override
    public boolean brokerHoldsAny() {
        boolean says = handler.brokerHoldsAny();
        if (!says
                && outstanding == null
                && !reference.told.isEmpty()
                && reference.belief().isLive()) {
            throw violation("I26", "says that the broker holds nothing");
        }
        return says;
    }

    @Override
    public boolean outstanding() {
        boolean says = handler.outstanding();
        if (says && outstanding == null) {
            throw violation("I6", "says that a request is outstanding, which has long ended");
        }
        return says;
    }

    @Override
    public long retryAtNanos() {
        return handler.retryAtNanos();
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        if (planned != null) {
            dropped.add(planned.plan());
        }
        // Only this class reads the handler's plan, so no other reader can change it.
        planned = PlanSnapshot.of(handler.plan(topicIds, sessions, nowNanos));
        return planned.plan();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // exactly the plan that was made
    public void sent(FetchPlan plan) {
        PlanSnapshot leaving = planned;
        if (outstanding != null) {
            throw violation(
                    "I5",
                    "sends " + Wording.plan(plan) + " while " + Wording.plan(outstanding.plan()) + " is outstanding");
        }
        if (leaving == null || leaving.plan() != plan) {
            throw new IllegalStateException("a plan was sent that was not made last: " + plan);
        }
        planned = null;
        outstanding = leaving;
        planCheck.check(plan, dropped, surroundings.nanos());
        dropped.removeIf(lost -> hasSaidAll(plan, lost));
        sentNanos = surroundings.nanos();
        handler.sent(leaving.original());
    }

    /** Whether nothing is left of a plan that was not sent, as {@code sent} names all that it named. */
    private static boolean hasSaidAll(FetchPlan sent, FetchPlan lost) {
        Set<TopicIdPartition> named = new HashSet<>(sent.partitions().keySet());
        named.addAll(sent.forgotten());
        return sent.kind() != FetchPlan.Kind.INCREMENTAL
                || (named.containsAll(lost.partitions().keySet()) && named.containsAll(lost.forgotten()));
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        FetchPlan original = end(plan);
        Judgement judgement = reference.judge(plan, answer);
        Verdict verdict = handler.answered(original, answer, nowNanos);
        surroundings.judged(nodeId, verdict);
        if (handler.outstanding()) {
            throw violation("I6", "says that a request is outstanding, which was just answered");
        }
        VerdictCheck.check(verdict, judgement, answer);
        reference.answered(plan, answer, judgement, nowNanos);
        inStep();
        return verdict;
    }

    @Override
    public void failed(FetchPlan plan) {
        handler.failed(end(plan));
        if (handler.outstanding()) {
            throw violation("I6", "says that a request is outstanding, which has just failed");
        }
        reference.failed();
        inStep();
    }

    /** Ends the request; returns the plan by which the handler knows it. */
    @SuppressWarnings("ReferenceEquality") // two requests with the same content are still two
    private FetchPlan end(FetchPlan plan) {
        PlanSnapshot ending = outstanding;
        if (ending == null || ending.plan() != plan) {
            throw violation("I2", "hears of the outcome of a request that is not outstanding");
        }
        FetchPlan now = PlanSnapshot.of(ending.original()).plan();
        if (!plan.equals(now)) {
            throw violation("I4", "has sent " + Wording.plan(plan) + ", which says " + Wording.plan(now) + " by now");
        }
        outstanding = null;
        return ending.original();
    }

    /**
     * Compares the client's belief with the belief that it must have, and with the broker's session unless that was
     * tampered with. Only the shipped handler exposes its belief; that of others shows in their next requests.
     */
    private void inStep() {
        Belief belief = reference.belief();
        if (handler instanceof VerifiedFetchSession shipped) {
            SessionBelief says = shipped.belief();
            boolean same = says.told().equals(reference.held())
                    && says.sessionId() == belief.sessionId()
                    && (!belief.isLive() || says.nextEpoch() == belief.nextEpoch());
            if (!same) {
                throw violation("I11", "believes " + says);
            }
        }
        if (!belief.isLive()) {
            return;
        }
        Map<TopicIdPartition, FetchTarget> held = surroundings.heldByBroker(nodeId, belief.sessionId());
        if (held == null) {
            return;
        }
        boolean sameEpoch = surroundings.epochAtBroker(nodeId, belief.sessionId()) == belief.nextEpoch();
        if (!sameEpoch || !held.equals(reference.held())) {
            throw violation("I11", "and its broker are out of step; the broker holds " + Wording.targets(held));
        }
    }

    @Override
    public void reannounce(TopicPartition partition) {
        reference.reannounce(partition);
        handler.reannounce(partition);
    }

    @Override
    public void reopen() {
        reference.reopen();
        handler.reopen();
    }

    @Override
    public SessionHealth health() {
        return handler.health();
    }

    @Override
    public @Nullable FetchPlan close() {
        FetchPlan plan = handler.close();
        int sessionId = reference.belief().sessionId();
        boolean right = plan == null
                ? sessionId <= 0
                : sessionId > 0
                        && plan.kind() == Kind.CLOSE
                        && plan.sessionId() == sessionId
                        && plan.epoch() == FetchPlan.FINAL_EPOCH
                        && plan.partitions().isEmpty();
        if (!right) {
            throw violation("I30", "closes by " + (plan == null ? "nothing" : Wording.plan(plan)));
        }
        reference.close();
        return plan;
    }

    private Violation violation(String property, String what) {
        return new Violation(property, "the session with broker " + nodeId + " " + what + " (" + belief() + ")");
    }
}
