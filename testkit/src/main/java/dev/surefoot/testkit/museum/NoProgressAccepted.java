package dev.surefoot.testkit.museum;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.BatchScanner;
import dev.surefoot.core.records.ScannedBatches;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit F28, as in franz-go before July 2026 and in other clients: data below the requested offset is skipped, and
 * the session goes on. The broker sends the same data again.
 */
final class NoProgressAccepted extends FlawedSession {

    NoProgressAccepted(FetchSession sound) {
        super(sound);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Map<TopicIdPartition, FetchTarget> served = held.servedBy(plan);
        Set<TopicPartition> skipped = new HashSet<>();
        List<PartitionAnswer> remaining = new ArrayList<>();
        for (PartitionAnswer partition : answer.partitions()) {
            boolean skips = false;
            for (Map.Entry<TopicIdPartition, FetchTarget> entry : served.entrySet()) {
                if (HeldPartitions.isOf(partition, entry.getKey(), plan)
                        && standsStill(entry.getKey().topicPartition(), entry.getValue(), partition)) {
                    skipped.add(entry.getKey().topicPartition());
                    skips = true;
                }
            }
            remaining.add(skips ? ChangedAnswers.withRecords(partition, ByteBuffer.allocate(0)) : partition);
        }
        Verdict verdict = super.answered(plan, ChangedAnswers.withPartitions(answer, remaining), nowNanos);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            return verdict;
        }
        return withReports(
                accepted,
                accepted.reports().stream()
                        .filter(report -> !skipped.contains(report.partition()))
                        .toList());
    }

    private static boolean standsStill(TopicPartition partition, FetchTarget target, PartitionAnswer answer) {
        if (answer.error() != BrokerError.NONE
                || answer.divergingEpoch() != null
                || answer.preferredReadReplica() >= 0
                || answer.highWatermark() < 0) {
            return false;
        }
        ScannedBatches batches = BatchScanner.scan(partition, answer.records(), target.fetchOffset());
        return batches.firstBatchIsCut() || (batches.withoutProgress() && batches.problem() == null);
    }
}
