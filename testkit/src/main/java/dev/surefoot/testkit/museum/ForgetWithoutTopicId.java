package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Exhibit F19, after KAFKA-13079: in a session that names topics by id, partitions are forgotten with the zero id. The
 * broker finds no such partition.
 */
final class ForgetWithoutTopicId extends FlawedSession {

    ForgetWithoutTopicId(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        if (!plan.byTopicId()) {
            return plan;
        }
        FetchPlan withoutIds = withForgotten(
                plan,
                plan.forgotten().stream()
                        .map(key -> new TopicIdPartition(Uuid.ZERO_UUID, key.topicPartition()))
                        .toList());
        return inPlaceOf(plan, withoutIds);
    }
}
