package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit F10, as in Redpanda's direct consumer and most others: a partition that the broker does not mention is
 * believed to have nothing new, however long that lasts. One that the broker has lost stays silent for ever.
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
        // Only an audit asks to be answered at once.
        return new FetchPlan(
                plan.kind(), plan.sessionId(), plan.epoch(), plan.byTopicId(), plan.partitions(), forgotten, false);
    }

    /** A wanted partition that the plan does not tell under another id is forgotten by an audit only. */
    private boolean isAudit(TopicPartition partition, Set<TopicPartition> told) {
        return wanted.containsKey(partition) && !told.contains(partition);
    }
}
