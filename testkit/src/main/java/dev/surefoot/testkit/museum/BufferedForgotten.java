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

/**
 * Exhibit F23, after Apache Kafka before KAFKA-17182: a partition with buffered records is not wanted, so the next
 * request forgets it and a later one adds it again. Sessions shrink, and small ones are evicted first.
 */
final class BufferedForgotten extends FlawedSession {
    private final Set<TopicPartition> buffered = new LinkedHashSet<>();

    BufferedForgotten(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        if (plan.kind() != Kind.INCREMENTAL) {
            return plan;
        }
        Map<TopicIdPartition, FetchTarget> told = new LinkedHashMap<>(plan.partitions());
        List<TopicIdPartition> forgotten = new ArrayList<>(plan.forgotten());
        for (TopicPartition partition : buffered) {
            TopicIdPartition key = held.key(partition);
            if (key != null && wanted.containsKey(partition) && !forgotten.contains(key)) {
                told.remove(key);
                forgotten.add(key);
            }
        }
        return withForgotten(withPartitions(plan, told), forgotten);
    }

    @Override
    public void sent(FetchPlan plan) {
        buffered.clear();
        super.sent(plan);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        if (verdict instanceof Verdict.Accepted accepted) {
            accepted.reports().stream()
                    .filter(report ->
                            report.batches().nextOffset() > report.target().fetchOffset())
                    .map(PartitionReport::partition)
                    .forEach(buffered::add);
        }
        return verdict;
    }
}
