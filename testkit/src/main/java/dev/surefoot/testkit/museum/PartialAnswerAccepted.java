package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit F30: the answer to a full request lacks some of the requested partitions, as an incremental answer may. The
 * client takes that for "nothing new". The broker may never serve them.
 */
final class PartialAnswerAccepted extends FlawedSession {

    PartialAnswerAccepted(FetchSession sound) {
        super(sound);
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        boolean throttled = answer.throttleTimeMs() > 0 && answer.partitions().isEmpty();
        if (plan.kind() == Kind.INCREMENTAL || throttled) {
            return super.answered(plan, answer, nowNanos);
        }
        Set<TopicPartition> missing = new HashSet<>();
        List<PartitionAnswer> completed = new ArrayList<>(answer.partitions());
        for (TopicIdPartition key : plan.partitions().keySet()) {
            if (answer.partitions().stream().noneMatch(said -> HeldPartitions.isOf(said, key, plan))) {
                missing.add(key.topicPartition());
                completed.add(ChangedAnswers.served(key, 0, ByteBuffer.allocate(0)));
            }
        }
        Verdict verdict = super.answered(plan, ChangedAnswers.withPartitions(answer, completed), nowNanos);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            return verdict;
        }
        return withReports(
                accepted,
                accepted.reports().stream()
                        .filter(report -> !missing.contains(report.partition()))
                        .toList());
    }
}
