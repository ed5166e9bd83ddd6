package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F20, of the family of KAFKA-13111: partitions are identified by topic name alone, so a topic that was deleted
 * and created again stays in the session under its old id. The new topic is never fetched.
 */
final class TopicIdKept extends FlawedSession {

    TopicIdKept(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        List<TopicIdPartition> forgotten = new ArrayList<>(plan.forgotten());
        Map<TopicIdPartition, FetchTarget> told = new LinkedHashMap<>();
        plan.partitions().forEach((key, target) -> {
            TopicIdPartition old = find(plan.forgotten(), key.topicPartition());
            if (old == null) {
                told.put(key, target);
                return;
            }
            forgotten.remove(old);
            if (!target.equals(held.target(old))) {
                told.put(old, target);
            }
        });
        return withForgotten(withPartitions(plan, told), forgotten);
    }

    private static @Nullable TopicIdPartition find(List<TopicIdPartition> keys, TopicPartition partition) {
        return keys.stream()
                .filter(key -> key.topicPartition().equals(partition))
                .findFirst()
                .orElse(null);
    }
}
