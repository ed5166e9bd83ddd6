package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Exhibit A7, as in Apache Kafka, which copies the partitions into an unordered set: full requests list them in an
 * order that ignores which partition was served last. If an answer has no room for all, the same partitions come first
 * each time.
 */
final class RotationLost extends FlawedSession {

    RotationLost(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        if (plan.kind() == Kind.INCREMENTAL) {
            return plan;
        }
        Map<TopicIdPartition, FetchTarget> sorted = new LinkedHashMap<>();
        plan.partitions().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing(TopicIdPartition::topic).thenComparing(TopicIdPartition::partition)))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return inPlaceOf(plan, withPartitions(plan, sorted));
    }
}
