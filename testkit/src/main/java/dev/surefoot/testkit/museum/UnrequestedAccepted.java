package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit F5, of the family of KAFKA-7565: the client does not check whether a partition in the answer was requested. A
 * partition that was not is passed on like the others; one with an unknown topic id is skipped without an error.
 */
final class UnrequestedAccepted extends FlawedSession {

    UnrequestedAccepted(FetchSession sound) {
        super(sound);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Map<TopicIdPartition, FetchTarget> served = held.servedBy(plan);
        List<PartitionAnswer> asked = new ArrayList<>();
        List<PartitionReport> unasked = new ArrayList<>();
        for (PartitionAnswer partition : answer.partitions()) {
            if (served.keySet().stream().anyMatch(key -> HeldPartitions.isOf(partition, key, plan))) {
                asked.add(partition);
            } else {
                served.keySet().stream()
                        .filter(key -> HeldPartitions.isOfTopic(partition, key, plan))
                        .findFirst()
                        .ifPresent(key -> unasked.add(reportAnyway(key.topic(), partition)));
            }
        }
        Verdict verdict = super.answered(plan, ChangedAnswers.withPartitions(answer, asked), nowNanos);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            return verdict;
        }
        List<PartitionReport> reports = new ArrayList<>(accepted.reports());
        reports.addAll(unasked);
        return withReports(accepted, reports);
    }

    private PartitionReport reportAnyway(String topic, PartitionAnswer answer) {
        TopicPartition partition = new TopicPartition(topic, answer.partition());
        FetchTarget nothing = new FetchTarget(0, FetchTarget.NO_EPOCH, FetchTarget.NO_EPOCH, 0);
        return report(partition, wanted.getOrDefault(partition, nothing), answer);
    }
}
