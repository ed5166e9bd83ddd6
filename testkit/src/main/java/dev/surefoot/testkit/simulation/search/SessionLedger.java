package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.SessionBelief;
import dev.surefoot.core.session.SessionBelief.State;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.testkit.simulation.check.Judgement;
import dev.surefoot.testkit.simulation.check.ReferenceSession;
import dev.surefoot.testkit.simulation.check.VerdictCheck;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.model.BrokerSession;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * What a client can know about its session from its requests and their outcomes, independent of the session that is
 * searched. It checks what the next plan must contain (invariants I7 to I16). The {@link ReferenceSession} of the
 * simulator derives the consequences of each exchange.
 */
final class SessionLedger {
    private final ReferenceSession reference;

    SessionLedger(int firstEpoch) {
        reference = new ReferenceSession(firstEpoch);
    }

    boolean live() {
        return reference.belief().isLive();
    }

    int sessionId() {
        return reference.belief().sessionId();
    }

    private int nextEpoch() {
        return reference.belief().nextEpoch();
    }

    private boolean byTopicId() {
        return live() && reference.belief().byTopicId();
    }

    Map<TopicIdPartition, FetchTarget> told() {
        return reference.held();
    }

    /** Returns the key of a wanted partition in a session that names topics by id, or by name. */
    static TopicIdPartition key(boolean byTopicId, TopicIdPartition wanted) {
        return byTopicId ? wanted : new TopicIdPartition(Uuid.ZERO_UUID, wanted.topicPartition());
    }

    /** Checks that a plan contains what it must, given what is wanted. */
    void checkPlan(FetchPlan plan, Map<TopicIdPartition, FetchTarget> wantedById, long nowNanos) {
        boolean allHaveIds =
                wantedById.keySet().stream().noneMatch(k -> k.topicId().equals(Uuid.ZERO_UUID));
        boolean ids = (wantedById.isEmpty() && live()) ? byTopicId() : allHaveIds;
        Map<TopicIdPartition, FetchTarget> wanted = new HashMap<>();
        wantedById.forEach((wantedKey, target) -> wanted.put(key(ids, wantedKey), target));
        boolean continues = live() && byTopicId() == ids && !(reference.replaced() && !wanted.isEmpty());
        int epoch = continues ? nextEpoch() : FetchPlan.INITIAL_EPOCH;
        if (plan.sessionId() != sessionId() || plan.epoch() != epoch) {
            throw new InvariantBroken(
                    continues ? "I7" : "I9",
                    "the next fetch must be (" + sessionId() + ", " + epoch + "), and is (" + plan.sessionId() + ", "
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
        Map<TopicIdPartition, FetchTarget> told = told();
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
            OptionalLong at = reference.mentionedNanos(key);
            if (at.isPresent() && at.getAsLong() > nowNanos - WorldSettings.STEP_NANOS) {
                throw new InvariantBroken("I24", key + " is announced anew although it was just mentioned");
            }
        }
        checkLever(audited, wanted, differs);
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

    /** Checks that of the partitions that are to be announced anew at least one is; the others may follow. */
    private void checkLever(
            Set<TopicIdPartition> audited,
            Map<TopicIdPartition, FetchTarget> wanted,
            Map<TopicIdPartition, FetchTarget> differs) {
        Set<TopicIdPartition> due = new HashSet<>(reference.announcedAnew());
        // A partition whose target changes is named in this request anyway, and one that is not wanted leaves.
        due.removeIf(key -> !wanted.containsKey(key) || differs.containsKey(key));
        if (!due.isEmpty() && due.stream().noneMatch(audited::contains)) {
            throw new InvariantBroken("I24", due + " are to be announced anew, and only " + audited + " are");
        }
    }

    /** Pulls a lever of the session, and notes what has to follow. */
    void pull(Step lever, FetchSession session) {
        if (lever == Step.REOPEN) {
            session.reopen();
            reference.reopen();
        } else {
            session.reannounce(SmallCluster.name(lever.partition()));
            reference.reannounce(SmallCluster.name(lever.partition()));
        }
    }

    /** Notes that the outcome of a fetch is unknown. */
    void lost() {
        reference.failed();
    }

    /** Notes an answer with its verdict. */
    void answered(FetchPlan plan, FetchAnswer answer, Verdict verdict, long nowNanos) {
        Judgement judgement = reference.judge(plan, answer);
        try {
            VerdictCheck.check(verdict, judgement, answer);
        } catch (Violation e) {
            throw new InvariantBroken(
                    e.property(), "an answer that is " + judgement.kind() + " is judged " + verdict, e);
        }
        reference.answered(plan, answer, judgement, nowNanos);
    }

    /** Returns whether the broker holds exactly the session that the requests describe. */
    boolean agreesWith(ModelBroker broker) {
        BrokerSession held = live() ? broker.sessions().get(sessionId()) : null;
        return held != null
                && held.epoch() == nextEpoch()
                && held.byTopicId() == byTopicId()
                && held.held().equals(told());
    }

    /** Checks that the session's belief is what the client can know. */
    void checkBelief(SessionBelief belief) {
        State expected = live() ? State.LIVE : sessionId() > 0 ? State.REOPEN : State.NONE;
        if (belief.state() != expected
                || belief.sessionId() != sessionId()
                || belief.nextEpoch() != nextEpoch()
                || belief.byTopicId() != byTopicId()
                || !belief.told().equals(told())) {
            throw new InvariantBroken(
                    "I8", "by what was answered it should be " + this + ", and what is believed is " + belief);
        }
    }

    /** Adds the whole state to a fingerprint. */
    void describe(Fingerprint print) {
        print.add(live());
        print.add(sessionId());
        print.add(nextEpoch());
        print.add(byTopicId());
        print.add(new HashMap<>(told())); // its order is arbitrary
        // A session that is deaf to a lever is in the same state as before.
        print.add(reference.announcedAnew());
        print.add(reference.replaced());
    }

    @Override
    public String toString() {
        if (!live()) {
            return sessionId() == FetchPlan.NO_SESSION ? "no session" : "session " + sessionId() + " to be replaced";
        }
        TreeMap<String, Long> offsets = new TreeMap<>();
        told().forEach((key, target) -> offsets.put(key.topicPartition().toString(), target.fetchOffset()));
        return "session " + sessionId() + " at epoch " + nextEpoch() + ", told " + offsets;
    }
}
