package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F18, after Apache Kafka before KAFKA-9338: the session does not record the leader epoch, so a new epoch alone
 * is not sent to the broker. The broker fences nothing.
 */
final class LeaderEpochUntold extends FlawedSession {

    LeaderEpochUntold(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        if (plan.kind() != Kind.INCREMENTAL) {
            return plan;
        }
        Map<TopicIdPartition, FetchTarget> told = new LinkedHashMap<>(plan.partitions());
        told.entrySet().removeIf(entry -> isOtherwiseEqual(entry.getValue(), held.target(entry.getKey())));
        return inPlaceOf(plan, withPartitions(plan, told));
    }

    private static boolean isOtherwiseEqual(FetchTarget now, @Nullable FetchTarget told) {
        return told != null
                && now.fetchOffset() == told.fetchOffset()
                && now.lastFetchedEpoch() == told.lastFetchedEpoch()
                && now.maxBytes() == told.maxBytes();
    }
}
