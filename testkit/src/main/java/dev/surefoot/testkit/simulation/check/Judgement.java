package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.Verdict.DoubtReason;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The only correct judgement of an answer.
 *
 * @param because the invariant that any other judgement breaks
 * @param usable the partitions that may be used, in the order of the answer
 * @param doubted the partitions that must not be used, and why
 * @param outcome what a correct answer does to the session
 */
public record Judgement(
        Kind kind,
        String because,
        Map<TopicPartition, Usable> usable,
        Map<TopicPartition, DoubtReason> doubted,
        @Nullable Outcome outcome) {

    /** What the answer as a whole is. */
    public enum Kind {
        ORDERLY,
        REFUSED,
        DIVERGED,
        IGNORED
    }

    /** One partition of an answer, with the target that the broker had been told. */
    public record Usable(TopicIdPartition key, FetchTarget target, PartitionAnswer answer) {}

    static Judgement of(Kind kind, String because) {
        return new Judgement(kind, because, Map.of(), Map.of(), null);
    }
}
