package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.testkit.simulation.check.ReferenceSession.Told;
import dev.surefoot.testkit.simulation.check.ReferenceSession.Wanted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Compares a request that was sent with what it must contain. */
final class PlanCheck {
    /** The most requests that may be sent before a partition that was silent for too long is audited. */
    private static final int REQUESTS_UNTIL_AUDIT = 6;

    private final ReferenceSession reference;
    private final SessionOracle.Terms terms;
    private int overdueFor;

    PlanCheck(ReferenceSession reference, SessionOracle.Terms terms) {
        this.reference = reference;
        this.terms = terms;
    }

    /** @param dropped the plans that were not sent, each until one request names all that it named */
    void check(FetchPlan plan, List<FetchPlan> dropped, long nowNanos) {
        paced(nowNanos);
        boolean named = plan.partitions().keySet().stream().allMatch(key -> isNamed(key, plan))
                && plan.forgotten().stream().allMatch(key -> isNamed(key, plan));
        if (!named) {
            throw new Violation("I13", "names topics both ways: " + Wording.plan(plan));
        }
        followsFromBelief(plan);
        if (plan.kind() == Kind.INCREMENTAL) {
            incremental(plan, dropped, nowNanos);
        } else {
            full(plan);
        }
    }

    private static boolean isNamed(TopicIdPartition key, FetchPlan plan) {
        return key.topicId().equals(Uuid.ZERO_UUID) != plan.byTopicId();
    }

    private void paced(long nowNanos) {
        boolean mustWait = reference.resetsInARow() >= 2;
        if (mustWait && nowNanos - reference.lastReset() < terms.leastBackoffNanos()) {
            throw new Violation(
                    "I29",
                    "after " + reference.resetsInARow() + " resets in a row, the next request leaves after "
                            + (nowNanos - reference.lastReset()) / 1000 + " us");
        }
    }

    private void followsFromBelief(FetchPlan plan) {
        Belief belief = reference.belief();
        boolean right =
                switch (belief.state()) {
                    case NONE -> isFull(plan, FetchPlan.NO_SESSION);
                    case REOPEN -> isFull(plan, belief.sessionId());
                    case LIVE -> continues(plan, belief);
                    case CLOSED -> false;
                };
        if (!right) {
            throw new Violation(
                    belief.brokenBy(plan),
                    plan.kind() + " fetch (S=" + plan.sessionId() + ", E=" + plan.epoch() + ") does not follow from: "
                            + belief);
        }
    }

    private boolean isFull(FetchPlan plan, int sessionId) {
        if (!terms.sessions()) {
            return plan.kind() == Kind.SESSIONLESS && plan.epoch() == FetchPlan.FINAL_EPOCH;
        }
        return plan.kind() == Kind.FULL && plan.epoch() == FetchPlan.INITIAL_EPOCH && plan.sessionId() == sessionId;
    }

    private boolean continues(FetchPlan plan, Belief belief) {
        if (reference.replaced() && !reference.wanted.isEmpty()) {
            return isFull(plan, belief.sessionId());
        }
        boolean modeChanges = !reference.wanted.isEmpty() && reference.wantsTopicIds() != belief.byTopicId();
        if (modeChanges) {
            if (plan.kind() == Kind.INCREMENTAL) {
                // Both ways of naming topics are correct as long as the broker accepts names only.
                return isNext(plan, belief) && !belief.byTopicId();
            }
            return isFull(plan, belief.sessionId());
        }
        return isNext(plan, belief);
    }

    private static boolean isNext(FetchPlan plan, Belief belief) {
        return plan.kind() == Kind.INCREMENTAL
                && plan.sessionId() == belief.sessionId()
                && plan.epoch() == belief.nextEpoch()
                && plan.byTopicId() == belief.byTopicId();
    }

    private void full(FetchPlan plan) {
        Map<TopicIdPartition, FetchTarget> wanted = new LinkedHashMap<>();
        reference.wanted.forEach((name, want) -> wanted.put(key(name, want, plan), want.target()));
        if (!plan.forgotten().isEmpty()) {
            throw new Violation("I15", "a full request forgets " + Wording.keys(plan.forgotten()));
        }
        if (!plan.partitions().keySet().equals(wanted.keySet())) {
            throw new Violation(
                    "I15",
                    "a full request lists " + Wording.keys(plan.partitions().keySet()) + ", wanted are "
                            + Wording.keys(wanted.keySet()));
        }
        if (!plan.partitions().equals(wanted)) {
            throw new Violation(
                    "I12",
                    "a full request says " + Wording.targets(plan.partitions()) + ", wanted are "
                            + Wording.targets(wanted));
        }
        if (!new ArrayList<>(plan.partitions().keySet()).equals(new ArrayList<>(wanted.keySet()))) {
            throw new Violation(
                    "I28",
                    "a full request lists " + Wording.keys(plan.partitions().keySet()) + " out of turn; the turn is "
                            + Wording.keys(wanted.keySet()));
        }
        overdueFor = 0;
    }

    private static TopicIdPartition key(TopicPartition name, Wanted want, FetchPlan plan) {
        return new TopicIdPartition(plan.byTopicId() ? want.topicId() : Uuid.ZERO_UUID, name);
    }

    private void incremental(FetchPlan plan, List<FetchPlan> dropped, long nowNanos) {
        Set<TopicIdPartition> forgotten = new HashSet<>(plan.forgotten());
        if (forgotten.size() < plan.forgotten().size()) {
            throw new Violation("I12", "forgets twice: " + Wording.keys(plan.forgotten()));
        }
        forgotten.forEach(key -> mayBeForgotten(key, plan, nowNanos));
        reference.told.keySet().forEach(key -> mustBeForgotten(key, plan, forgotten, dropped));
        plan.partitions().forEach((key, target) -> mayBeTold(key, target, forgotten));
        reference.wanted.forEach((name, want) -> mustBeTold(key(name, want, plan), want, plan, forgotten, dropped));
        boolean audits = forgotten.stream().anyMatch(key -> isWanted(key, plan));
        if (plan.immediate() && !audits) {
            throw new Violation("I32", "asks to be answered at once for no reason");
        }
        silenceIsBounded(nowNanos, plan, forgotten);
    }

    private boolean isWanted(TopicIdPartition key, FetchPlan plan) {
        Wanted want = reference.wanted.get(key.topicPartition());
        return want != null && key(key.topicPartition(), want, plan).equals(key);
    }

    private void mayBeForgotten(TopicIdPartition key, FetchPlan plan, long nowNanos) {
        Told told = reference.told.get(key);
        if (told == null) {
            boolean otherId = reference.told.keySet().stream()
                    .anyMatch(held -> held.topicPartition().equals(key.topicPartition()));
            throw new Violation(
                    otherId ? "I13" : "I12",
                    "forgets " + Wording.key(key) + ", which the broker does not hold under that id");
        }
        boolean silent = nowNanos - told.mentionedNanos >= terms.auditNanos();
        if (isWanted(key, plan) && !silent) {
            throw new Violation("I25", "forgets " + Wording.key(key) + ", which is wanted and was mentioned just now");
        }
    }

    private void mustBeForgotten(
            TopicIdPartition key, FetchPlan plan, Set<TopicIdPartition> forgotten, List<FetchPlan> dropped) {
        if (!isWanted(key, plan) && !forgotten.contains(key)) {
            boolean wasDropped = dropped.stream().anyMatch(d -> d.forgotten().contains(key));
            throw new Violation(
                    wasDropped ? "I1" : "I12",
                    "does not forget " + Wording.key(key) + ", which the broker holds" + droppedSo(wasDropped));
        }
    }

    private void mayBeTold(TopicIdPartition key, FetchTarget target, Set<TopicIdPartition> forgotten) {
        Wanted want = reference.wanted.get(key.topicPartition());
        Told told = reference.told.get(key);
        if (forgotten.contains(key)) {
            throw new Violation("I12", "tells and forgets " + Wording.key(key) + " in one request");
        }
        if (want == null || !want.target().equals(target)) {
            throw new Violation(
                    "I12",
                    "tells " + Wording.key(key) + Wording.target(target) + ", wanted is "
                            + (want == null ? "nothing" : Wording.target(want.target())));
        }
        if (told != null && told.target.equals(target)) {
            throw new Violation("I12", "tells " + Wording.key(key) + " what the broker knows");
        }
    }

    private void mustBeTold(
            TopicIdPartition key,
            Wanted want,
            FetchPlan plan,
            Set<TopicIdPartition> forgotten,
            List<FetchPlan> dropped) {
        Told told = reference.told.get(key);
        boolean known = told != null && told.target.equals(want.target());
        if (known
                || forgotten.contains(key)
                || want.target().equals(plan.partitions().get(key))) {
            return;
        }
        boolean wasDropped = dropped.stream()
                .anyMatch(d -> want.target().equals(d.partitions().get(key)));
        boolean buffered = told != null && told.served;
        throw new Violation(
                wasDropped ? "I1" : buffered ? "I25" : "I12",
                "does not tell " + Wording.key(key) + Wording.target(want.target()) + ", the broker holds "
                        + (told == null ? "nothing of it" : Wording.target(told.target)) + droppedSo(wasDropped));
    }

    private static String droppedSo(boolean wasDropped) {
        return wasDropped ? "; a plan that was never sent said so" : "";
    }

    /**
     * Checks that partitions which were not mentioned for too long are audited; one at a time may be late. One that is
     * told anew is announced by that.
     */
    private void silenceIsBounded(long nowNanos, FetchPlan plan, Set<TopicIdPartition> forgotten) {
        long overdue = reference.told.entrySet().stream()
                .filter(entry -> nowNanos - entry.getValue().mentionedNanos >= terms.auditNanos())
                .filter(entry -> !forgotten.contains(entry.getKey()))
                .filter(entry -> !plan.partitions().containsKey(entry.getKey()))
                .count();
        overdueFor = overdue == 0 || !forgotten.isEmpty() ? 0 : overdueFor + 1;
        if (overdueFor > REQUESTS_UNTIL_AUDIT) {
            throw new Violation(
                    "I24", overdue + " partitions have not been mentioned for longer than the audit interval");
        }
    }
}
