package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit F10, as in Redpanda's direct consumer and most others: a partition that is absent from the answers is taken
 * to have nothing new, however long that lasts. A partition that the broker has lost stays absent for ever.
 */
final class SilenceBelieved extends FlawedSession {

    SilenceBelieved(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        Set<TopicPartition> told = plan.partitions().keySet().stream()
                .map(TopicIdPartition::topicPartition)
                .collect(Collectors.toSet());
        List<TopicIdPartition> forgotten = plan.forgotten().stream()
                .filter(key -> !isAudit(key.topicPartition(), told))
                .toList();
        // Only an audit requests an immediate answer.
        return new FetchPlan(
                plan.kind(), plan.sessionId(), plan.epoch(), plan.byTopicId(), plan.partitions(), forgotten, false);
    }

    /**
     * Returns whether only an audit can be the reason: a wanted partition is forgotten that the plan does not list
     * under another id.
     */
    private boolean isAudit(TopicPartition partition, Set<TopicPartition> told) {
        return wanted.containsKey(partition) && !told.contains(partition);
    }
}
