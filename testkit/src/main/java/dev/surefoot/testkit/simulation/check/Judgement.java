package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.Verdict.Disbelief;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What any client has to take an answer for.
 *
 * @param because the invariant that is broken when it is taken for something else
 * @param usable what may be used, in the order of the answer
 * @param disbelieved what must not be used, and why
 * @param outcome what becomes of the session, for an orderly answer
 */
public record Judgement(
        Kind kind,
        String because,
        Map<TopicPartition, Usable> usable,
        Map<TopicPartition, Disbelief> disbelieved,
        @Nullable Outcome outcome) {

    /** What the answer as a whole is. */
    public enum Kind {
        ORDERLY,
        REFUSED,
        DIVERGED,
        IGNORED
    }

    /** What an answer says of one partition, and what the broker had been told of it. */
    public record Usable(TopicIdPartition key, FetchTarget target, PartitionAnswer answer) {}

    static Judgement of(Kind kind, String because) {
        return new Judgement(kind, because, Map.of(), Map.of(), null);
    }
}
