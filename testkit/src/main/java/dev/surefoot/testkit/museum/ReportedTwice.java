package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;

/** Exhibit X27: a partition that occurs twice in one answer is passed on twice, and its records with it. */
final class ReportedTwice extends FlawedSession {

    ReportedTwice(FetchSession sound) {
        super(sound);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        Verdict verdict = super.answered(plan, answer, nowNanos);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            return verdict;
        }
        List<PartitionReport> reports = new ArrayList<>();
        for (PartitionReport report : accepted.reports()) {
            reports.add(report);
            TopicIdPartition key = new TopicIdPartition(report.answer().topicId(), report.partition());
            List<PartitionAnswer> mentions = answer.partitions().stream()
                    .filter(mention -> HeldPartitions.isOf(mention, key, plan))
                    .toList();
            for (PartitionAnswer again : mentions.subList(1, mentions.size())) {
                reports.add(report(report.partition(), report.target(), again));
            }
        }
        return withReports(accepted, reports);
    }
}
