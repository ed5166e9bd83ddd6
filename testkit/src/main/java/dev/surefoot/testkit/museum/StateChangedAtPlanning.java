package dev.surefoot.testkit.museum;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.BatchScanner;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Divergence;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F1, after kafka-python 2.1.3: {@link #plan} already writes what the request is going to tell the broker into the
 * session's map. When that request is never sent, client and broker disagree from then on: the next plan finds nothing to tell,
 * the broker serves its old offset again, and the client skips what it already has, for ever.
 */
final class StateChangedAtPlanning implements FetchSession {
    private final Map<TopicPartition, TopicIdPartition> keys = new LinkedHashMap<>();
    private final Map<TopicIdPartition, FetchTarget> wanted = new LinkedHashMap<>();
    private final Map<TopicIdPartition, FetchTarget> session = new LinkedHashMap<>();
    private int sessionId;
    private int epoch;
    private boolean outstanding;

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {
        TopicIdPartition key = new TopicIdPartition(topicId, partition);
        keys.put(partition, key);
        wanted.put(key, target);
    }

    @Override
    public void unwant(TopicPartition partition) {
        TopicIdPartition key = keys.remove(partition);
        if (key != null) {
            wanted.remove(key);
        }
    }

    @Override
    public boolean wantsAny() {
        return !wanted.isEmpty();
    }

    @Override
    public boolean brokerHoldsAny() {
        return !session.isEmpty();
    }

    @Override
    public boolean outstanding() {
        return outstanding;
    }

    @Override
    public long notBefore() {
        return 0;
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        if (epoch == FetchPlan.INITIAL_EPOCH) {
            session.clear();
            session.putAll(wanted);
            return new FetchPlan(Kind.FULL, sessionId, epoch, topicIds, Map.copyOf(wanted), List.of(), false);
        }
        Map<TopicIdPartition, FetchTarget> told = new LinkedHashMap<>();
        wanted.forEach((key, target) -> {
            if (!target.equals(session.get(key))) {
                told.put(key, target);
            }
        });
        List<TopicIdPartition> forgotten = new ArrayList<>(session.keySet());
        forgotten.removeAll(wanted.keySet());
        // The bug: from here on the session believes that the broker knows, though nothing has been sent.
        session.putAll(told);
        session.keySet().removeAll(forgotten);
        return new FetchPlan(Kind.INCREMENTAL, sessionId, epoch, topicIds, told, forgotten, false);
    }

    @Override
    public void sent(FetchPlan plan) {
        outstanding = true;
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        outstanding = false;
        if (answer.error() != BrokerError.NONE) {
            sessionId = answer.error() == BrokerError.FETCH_SESSION_ID_NOT_FOUND ? 0 : sessionId;
            epoch = FetchPlan.INITIAL_EPOCH;
            return new Verdict.Refused(answer.error());
        }
        List<PartitionReport> reports = new ArrayList<>();
        for (PartitionAnswer partition : answer.partitions()) {
            TopicIdPartition key = keyOf(partition);
            FetchTarget target = key == null ? null : session.get(key);
            if (key == null || target == null) {
                epoch = FetchPlan.INITIAL_EPOCH;
                return new Verdict.Diverged(
                        Divergence.UNREQUESTED_PARTITION, partition.topicId() + " was not asked for");
            }
            reports.add(new PartitionReport(
                    key.topicPartition(),
                    target,
                    partition,
                    BatchScanner.scan(key.topicPartition(), partition.records(), target.fetchOffset())));
        }
        boolean opened = plan.kind() == Kind.FULL;
        sessionId = answer.sessionId();
        epoch = sessionId == 0 ? FetchPlan.INITIAL_EPOCH : epoch + 1;
        return new Verdict.Accepted(opened ? Outcome.OPENED : Outcome.CONTINUED, reports, List.of());
    }

    private @Nullable TopicIdPartition keyOf(PartitionAnswer answer) {
        for (TopicIdPartition key : session.keySet()) {
            boolean sameTopic = answer.topic() == null
                    ? key.topicId().equals(answer.topicId())
                    : key.topic().equals(answer.topic());
            if (sameTopic && key.partition() == answer.partition()) {
                return key;
            }
        }
        return null;
    }

    @Override
    public void failed(FetchPlan plan) {
        outstanding = false;
        epoch = FetchPlan.INITIAL_EPOCH;
    }

    @Override
    public @Nullable FetchPlan close() {
        return sessionId == 0
                ? null
                : new FetchPlan(Kind.CLOSE, sessionId, FetchPlan.FINAL_EPOCH, false, Map.of(), List.of(), true);
    }
}
