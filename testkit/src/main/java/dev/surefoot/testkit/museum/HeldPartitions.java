package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that the broker holds in the session, derived from the plans that were sent and the
 * verdicts on their answers.
 */
final class HeldPartitions {
    private final Map<TopicIdPartition, FetchTarget> held = new LinkedHashMap<>();

    void judged(FetchPlan plan, Verdict verdict) {
        if (!(verdict instanceof Verdict.Accepted accepted)
                || !accepted.doubts().isEmpty()) {
            held.clear();
            return;
        }
        switch (accepted.outcome()) {
            case OPENED -> {
                held.clear();
                held.putAll(plan.partitions());
            }
            case CONTINUED -> {
                held.putAll(plan.partitions());
                plan.forgotten().forEach(held::remove);
            }
            case NOT_GRANTED, ENDED, THROTTLED -> held.clear();
        }
    }

    void clear() {
        held.clear();
    }

    @Nullable FetchTarget target(TopicIdPartition key) {
        return held.get(key);
    }

    /** Returns the partition as the broker names it in the session, or null if it is not in the session. */
    @Nullable TopicIdPartition key(TopicPartition partition) {
        return held.keySet().stream()
                .filter(key -> key.topicPartition().equals(partition))
                .findFirst()
                .orElse(null);
    }

    /** Returns the targets by which the broker answers this plan. */
    Map<TopicIdPartition, FetchTarget> servedBy(FetchPlan plan) {
        Map<TopicIdPartition, FetchTarget> served = new LinkedHashMap<>();
        if (plan.kind() == Kind.INCREMENTAL) {
            served.putAll(held);
        }
        served.putAll(plan.partitions());
        plan.forgotten().forEach(served::remove);
        return served;
    }

    /** Returns whether the answer is about this partition's topic, named as in the plan. */
    static boolean isOfTopic(PartitionAnswer answer, TopicIdPartition key, FetchPlan plan) {
        return plan.byTopicId()
                ? key.topicId().equals(answer.topicId())
                : key.topic().equals(answer.topic());
    }

    /** Returns whether the answer is about this partition. */
    static boolean isOf(PartitionAnswer answer, TopicIdPartition key, FetchPlan plan) {
        return key.partition() == answer.partition() && isOfTopic(answer, key, plan);
    }
}
