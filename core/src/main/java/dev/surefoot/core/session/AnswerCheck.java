package dev.surefoot.core.session;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.BatchScanner;
import dev.surefoot.core.records.ScannedBatches;
import dev.surefoot.core.session.Verdict.DoubtReason;
import dev.surefoot.core.session.Verdict.Mismatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Checks one answer without a top-level error against the partitions that the broker must hold: those of the session,
 * changed by the plan. It changes neither. The cost is proportional to the sizes of the answer and the plan. One object
 * serves one answer, on the loop's thread.
 */
final class AnswerCheck {
    private final FetchPlan plan;
    private final ToldPartitions told;
    private final Set<TopicIdPartition> forgotten;
    private final Map<Uuid, String> plannedNames = new HashMap<>();

    private final Map<TopicPartition, PartitionReport> reports = new LinkedHashMap<>();
    private final Map<TopicPartition, Doubted> doubted = new LinkedHashMap<>();

    private AnswerCheck(FetchPlan plan, ToldPartitions told) {
        this.plan = plan;
        this.told = told;
        this.forgotten = new HashSet<>(plan.forgotten());
        plan.partitions().keySet().forEach(key -> plannedNames.put(key.topicId(), key.topic()));
    }

    /** The result of the check: a contradiction, or the partitions to use and the partitions to leave out. */
    sealed interface Finding {
        /** The answer fits the session; some partitions may be doubted. */
        record Fits(List<PartitionReport> reports, List<Doubted> doubted) implements Finding {}

        /** The answer contradicts the session; {@code detail} describes how, for the log. */
        record Contradicts(Mismatch mismatch, String detail) implements Finding {}
    }

    /**
     * A partition whose data is left out.
     *
     * @param target the target by which the broker served the partition
     */
    record Doubted(TopicPartition partition, FetchTarget target, DoubtReason reason) {}

    /**
     * @param plan the plan of the request that was answered
     * @param told the partitions that the broker held before that request
     */
    static Finding check(FetchPlan plan, ToldPartitions told, FetchAnswer answer) {
        return new AnswerCheck(plan, told).check(answer);
    }

    private Finding check(FetchAnswer answer) {
        boolean incremental = plan.kind() == FetchPlan.Kind.INCREMENTAL;
        if (incremental && answer.sessionId() > 0 && answer.sessionId() != plan.sessionId()) {
            return new Finding.Contradicts(
                    Mismatch.WRONG_SESSION_ID,
                    "asked within session " + plan.sessionId() + ", answered within session " + answer.sessionId());
        }
        for (PartitionAnswer partition : answer.partitions()) {
            Finding.Contradicts contradiction = examine(partition);
            if (contradiction != null) {
                return contradiction;
            }
        }
        int answered = reports.size() + doubted.size();
        boolean silencedByThrottling = answer.throttleTimeMs() > 0 && answered == 0;
        if (incremental) {
            if (!silencedByThrottling) {
                doubtUnreportedAdditions();
            }
        } else if (answered < plan.partitions().size()) {
            return new Finding.Contradicts(Mismatch.MISSING_PARTITION, missing());
        }
        return new Finding.Fits(new ArrayList<>(reports.values()), new ArrayList<>(doubted.values()));
    }

    /**
     * A broker reports every partition that is new to its session, even without data. A partition that it does not
     * report was not added.
     */
    private void doubtUnreportedAdditions() {
        plan.partitions().forEach((key, target) -> {
            TopicPartition partition = key.topicPartition();
            ToldPartitions.Told before = told.get(partition);
            boolean added = before == null || !before.topicId().equals(key.topicId());
            if (added && !isJudged(partition)) {
                doubt(partition, target, DoubtReason.ADDITION_NOT_REPORTED);
            }
        });
    }

    private Finding.@Nullable Contradicts examine(PartitionAnswer answer) {
        String topic = plan.byTopicId() ? nameOf(answer.topicId()) : answer.topic();
        if (topic == null) {
            return new Finding.Contradicts(
                    Mismatch.UNREQUESTED_TOPIC_ID,
                    "topic id " + answer.topicId() + " with partition " + answer.partition() + " was not asked for");
        }
        TopicIdPartition key = new TopicIdPartition(answer.topicId(), answer.partition(), topic);
        FetchTarget target = targetOf(key);
        if (target == null) {
            return new Finding.Contradicts(Mismatch.UNREQUESTED_PARTITION, key + " was not asked for");
        }
        TopicPartition partition = key.topicPartition();
        if (!isJudged(partition)) {
            judge(partition, target, answer);
        }
        return null;
    }

    private @Nullable String nameOf(Uuid topicId) {
        String planned = plannedNames.get(topicId);
        return planned != null ? planned : told.nameOf(topicId);
    }

    /**
     * Returns the target by which the broker served this partition, or null if the partition is not in the session.
     */
    private @Nullable FetchTarget targetOf(TopicIdPartition key) {
        FetchTarget planned = plan.partitions().get(key);
        if (planned != null || plan.kind() != FetchPlan.Kind.INCREMENTAL || forgotten.contains(key)) {
            return planned;
        }
        ToldPartitions.Told held = told.get(key.topicPartition());
        return held != null && held.topicId().equals(key.topicId()) ? held.target() : null;
    }

    private void judge(TopicPartition partition, FetchTarget target, PartitionAnswer answer) {
        ScannedBatches batches = BatchScanner.scan(partition, answer.records(), target.fetchOffset());
        DoubtReason reason = doubtReason(answer, batches);
        if (reason == null) {
            reports.put(partition, new PartitionReport(partition, target, answer, batches));
        } else {
            doubt(partition, target, reason);
        }
    }

    private void doubt(TopicPartition partition, FetchTarget target, DoubtReason reason) {
        doubted.put(partition, new Doubted(partition, target, reason));
    }

    private boolean isJudged(TopicPartition partition) {
        return reports.containsKey(partition) || doubted.containsKey(partition);
    }

    private static @Nullable DoubtReason doubtReason(PartitionAnswer answer, ScannedBatches batches) {
        if (answer.error() != BrokerError.NONE
                || answer.divergingEpoch() != null
                || answer.preferredReadReplica() >= 0) {
            return null;
        }
        if (answer.highWatermark() < 0) {
            return DoubtReason.NO_HIGH_WATERMARK;
        }
        boolean standsStill = batches.firstBatchIsCut() || (batches.withoutProgress() && batches.problem() == null);
        return standsStill ? DoubtReason.NO_PROGRESS : null;
    }

    private String missing() {
        for (TopicIdPartition key : plan.partitions().keySet()) {
            if (!isJudged(key.topicPartition())) {
                return key + " was asked for in full and not answered";
            }
        }
        throw new IllegalStateException("every partition was answered");
    }
}
