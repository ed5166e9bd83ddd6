package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.SessionBelief;
import dev.surefoot.core.session.SessionBelief.State;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What a client may know about its session from its requests and their outcomes, kept apart from the session that is
 * searched. It checks what the next plan has to say (invariants I7 to I16).
 */
final class SessionLedger {
    private final int firstEpoch;
    private boolean live;
    private int sessionId;
    private int nextEpoch;
    private boolean byTopicId;
    private final Map<TopicIdPartition, FetchTarget> told = new HashMap<>();
    /**
     * When the broker last mentioned a partition. It follows from the session's own fields and is no part of a state.
     */
    private final Map<TopicPartition, Long> mentioned = new HashMap<>();

    SessionLedger(int firstEpoch) {
        this.firstEpoch = firstEpoch;
    }

    boolean live() {
        return live;
    }

    int sessionId() {
        return sessionId;
    }

    Map<TopicIdPartition, FetchTarget> told() {
        return told;
    }

    /** The key of a wanted partition in a session that names topics so. */
    static TopicIdPartition key(boolean byTopicId, TopicIdPartition wanted) {
        return byTopicId ? wanted : new TopicIdPartition(Uuid.ZERO_UUID, wanted.topicPartition());
    }

    /** Checks that a plan says what it has to say, given what is wanted. */
    void checkPlan(FetchPlan plan, Map<TopicIdPartition, FetchTarget> wantedById, long nowNanos) {
        boolean allHaveIds =
                wantedById.keySet().stream().noneMatch(k -> k.topicId().equals(Uuid.ZERO_UUID));
        boolean ids = (wantedById.isEmpty() && live) ? byTopicId : allHaveIds;
        Map<TopicIdPartition, FetchTarget> wanted = new HashMap<>();
        wantedById.forEach((wantedKey, target) -> wanted.put(key(ids, wantedKey), target));
        boolean continues = live && byTopicId == ids;
        int epoch = continues ? nextEpoch : FetchPlan.INITIAL_EPOCH;
        if (plan.sessionId() != sessionId || plan.epoch() != epoch) {
            throw new InvariantBroken(
                    continues ? "I7" : "I9",
                    "the next fetch must be (" + sessionId + ", " + epoch + "), and is (" + plan.sessionId() + ", "
                            + plan.epoch() + ")");
        }
        if (plan.byTopicId() != ids) {
            throw new InvariantBroken("I14", "topics are named by " + (plan.byTopicId() ? "id" : "name") + ": " + plan);
        }
        if (continues) {
            checkIncremental(plan, wanted, nowNanos);
        } else {
            checkFull(plan, wanted);
        }
    }

    private static void checkFull(FetchPlan plan, Map<TopicIdPartition, FetchTarget> wanted) {
        if (plan.kind() != Kind.FULL
                || !plan.forgotten().isEmpty()
                || !plan.partitions().equals(wanted)) {
            throw new InvariantBroken("I15", "a full fetch of " + wanted + " must be planned, and it is " + plan);
        }
    }

    private void checkIncremental(FetchPlan plan, Map<TopicIdPartition, FetchTarget> wanted, long nowNanos) {
        Map<TopicIdPartition, FetchTarget> differs = new HashMap<>(wanted);
        differs.entrySet().removeAll(told.entrySet());
        Set<TopicIdPartition> unwanted = new HashSet<>(told.keySet());
        unwanted.removeAll(wanted.keySet());
        Set<TopicIdPartition> forgotten = new HashSet<>(plan.forgotten());
        Set<TopicIdPartition> audited = new HashSet<>(forgotten);
        audited.removeAll(unwanted);
        boolean auditIsSound =
                told.keySet().containsAll(audited) && audited.stream().noneMatch(differs::containsKey);
        for (TopicIdPartition key : audited) {
            Long at = mentioned.get(key.topicPartition());
            if (at != null && at > nowNanos - WorldSettings.STEP_NANOS) {
                throw new InvariantBroken("I24", key + " is announced anew although it was just mentioned");
            }
        }
        if (plan.kind() != Kind.INCREMENTAL
                || !plan.partitions().equals(differs)
                || !forgotten.containsAll(unwanted)
                || forgotten.size() != plan.forgotten().size()
                || !auditIsSound
                || plan.immediate() == audited.isEmpty()) {
            throw new InvariantBroken(
                    "I12", "the broker was told " + told + ", wanted is " + wanted + ", and the plan is " + plan);
        }
    }

    /** Notes that the outcome of a fetch is unknown. */
    void lost(FetchPlan plan) {
        reopen(plan.sessionId());
    }

    /** Notes an answer with its verdict. */
    void answered(FetchPlan plan, FetchAnswer answer, Verdict verdict, long nowNanos) {
        boolean refused = answer.error() != BrokerError.NONE;
        if (refused != verdict instanceof Verdict.Refused) {
            throw new InvariantBroken("I9", "an answer with error " + answer.error() + " is judged " + verdict);
        }
        if (refused) {
            reopen(answer.error() == BrokerError.FETCH_SESSION_ID_NOT_FOUND ? 0 : plan.sessionId());
        } else if (verdict instanceof Verdict.Accepted accepted) {
            accepted(plan, answer);
            accepted.reports().forEach(report -> mentioned.put(report.partition(), nowNanos));
            if (!accepted.doubts().isEmpty()) {
                reopen(sessionId);
            }
        } else {
            reopen(plan.sessionId());
        }
    }

    private void accepted(FetchPlan plan, FetchAnswer answer) {
        boolean full = plan.kind() != Kind.INCREMENTAL;
        boolean throttled = answer.throttleTimeMs() > 0 && answer.partitions().isEmpty();
        if (answer.sessionId() <= 0 || (full && throttled && !plan.partitions().isEmpty())) {
            reopen(FetchPlan.NO_SESSION);
            return;
        }
        if (full) {
            told.clear();
            byTopicId = plan.byTopicId();
        }
        live = true;
        sessionId = answer.sessionId();
        nextEpoch = full ? firstEpoch : nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
        told.putAll(plan.partitions());
        plan.forgotten().forEach(told::remove);
    }

    private void reopen(int id) {
        live = false;
        sessionId = id;
        nextEpoch = 0;
        byTopicId = false;
        told.clear();
    }

    /** Whether the broker holds the session exactly as it was told. */
    boolean agreesWith(ModelBroker broker) {
        BrokerSession held = live ? broker.sessions().get(sessionId) : null;
        return held != null
                && held.epoch() == nextEpoch
                && held.byTopicId() == byTopicId
                && held.held().equals(told);
    }

    /** Checks that the session's belief is what it may know. */
    void checkBelief(SessionBelief belief) {
        State expected = live ? State.LIVE : sessionId > 0 ? State.REOPEN : State.NONE;
        if (belief.state() != expected
                || belief.sessionId() != sessionId
                || belief.nextEpoch() != nextEpoch
                || belief.byTopicId() != byTopicId
                || !belief.told().equals(told)) {
            throw new InvariantBroken(
                    "I8", "by what was answered it should be " + this + ", and what is believed is " + belief);
        }
    }

    /** Adds everything to a fingerprint. */
    void describe(Fingerprint print) {
        print.add(live);
        print.add(sessionId);
        print.add(nextEpoch);
        print.add(byTopicId);
        print.add(told);
    }

    @Override
    public String toString() {
        if (!live) {
            return sessionId == FetchPlan.NO_SESSION ? "no session" : "session " + sessionId + " to be replaced";
        }
        TreeMap<String, Long> offsets = new TreeMap<>();
        told.forEach((key, target) -> offsets.put(key.topicPartition().toString(), target.fetchOffset()));
        return "session " + sessionId + " at epoch " + nextEpoch + ", told " + offsets;
    }
}
