package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Exhibit F26, after Dekaf: the request shares its partitions with live state. What the broker receives depends on when
 * the request is encoded, and the session records something else.
 */
final class LivePlan extends FlawedSession {
    private Map<TopicIdPartition, FetchTarget> shared = new LinkedHashMap<>();

    LivePlan(FetchSession sound) {
        super(sound);
    }

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {
        shared.replaceAll((key, before) -> key.topicPartition().equals(partition) ? target : before);
        super.want(partition, topicId, target);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        shared = new LinkedHashMap<>(plan.partitions());
        return inPlaceOf(plan, withPartitions(plan, shared));
    }
}
