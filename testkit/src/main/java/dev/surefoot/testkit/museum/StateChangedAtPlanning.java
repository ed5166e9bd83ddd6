package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F1, after kafka-python 2.1.3: {@link #plan} already writes the changes of the request into the session's map.
 * If that request is never sent, client and broker disagree from then on. The next plan finds no changes, the broker
 * serves its old offset again, and the client skips what it already has, for ever.
 */
final class StateChangedAtPlanning extends FlawedSession {
    /** The targets that only a dropped plan contained. */
    private final Map<TopicIdPartition, FetchTarget> written = new LinkedHashMap<>();

    /** The partitions that only a dropped plan forgot. */
    private final Set<TopicIdPartition> erased = new LinkedHashSet<>();

    private @Nullable FetchPlan unsent;

    StateChangedAtPlanning(FetchSession sound) {
        super(sound);
    }

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {
        erased.removeIf(key -> key.topicPartition().equals(partition));
        super.want(partition, topicId, target);
    }

    @Override
    public void unwant(TopicPartition partition) {
        written.keySet().removeIf(key -> key.topicPartition().equals(partition));
        super.unwant(partition);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        if (unsent != null) {
            written.putAll(unsent.partitions());
            erased.addAll(unsent.forgotten());
            unsent = null;
        }
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        if (plan.kind() != Kind.INCREMENTAL) {
            written.clear();
            erased.clear();
            return plan;
        }
        // The bug: the targets of a dropped plan count as sent.
        Map<TopicIdPartition, FetchTarget> told = new LinkedHashMap<>(plan.partitions());
        told.entrySet().removeIf(entry -> entry.getValue().equals(written.get(entry.getKey())));
        List<TopicIdPartition> forgotten = new ArrayList<>(plan.forgotten());
        forgotten.removeAll(erased);
        unsent = withForgotten(withPartitions(plan, told), forgotten);
        return unsent;
    }

    @Override
    public void sent(FetchPlan plan) {
        unsent = null;
        written.keySet().removeAll(plan.partitions().keySet());
        super.sent(plan);
    }

    /**
     * The broker answers from the offset that it holds; the handler takes that for an answer to the offset of the
     * dropped plan.
     */
    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            return verdict;
        }
        Map<TopicPartition, FetchTarget> believed = new LinkedHashMap<>();
        written.forEach((key, target) -> believed.put(key.topicPartition(), target));
        List<PartitionReport> reports = accepted.reports().stream()
                .map(report -> {
                    FetchTarget target = believed.get(report.partition());
                    return target == null ? report : report(report.partition(), target, report.answer());
                })
                .toList();
        return withReports(accepted, reports);
    }
}
