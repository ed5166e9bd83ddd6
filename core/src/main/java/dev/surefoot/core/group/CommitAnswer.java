package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetCommit.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a coordinator has answered to a commit, by its gravest reaction. Immutable once made. */
final class CommitAnswer {
    private static final Stored NOT_IN_THE_ANSWER =
            new Stored(BrokerError.UNKNOWN_SERVER_ERROR, BrokerError.UNKNOWN_SERVER_ERROR.code());

    private final List<TopicPartition> stored = new ArrayList<>();
    private final List<TopicPartition> decisive = new ArrayList<>();
    private CommitReaction reaction = CommitReaction.STORED;
    private @Nullable Stored first;

    /** @param asked the partitions of the request; one that the answer lacks counts as failed */
    CommitAnswer(Collection<TopicPartition> asked, Map<TopicPartition, Stored> answer) {
        for (TopicPartition partition : asked) {
            Stored said = answer.getOrDefault(partition, NOT_IN_THE_ANSWER);
            CommitReaction to = CommitReaction.to(said.error());
            if (to == CommitReaction.STORED) {
                stored.add(partition);
                continue;
            }
            if (to.compareTo(reaction) > 0) {
                reaction = to;
                first = said;
                decisive.clear();
            }
            if (to == reaction) {
                decisive.add(partition);
            }
        }
    }

    CommitReaction reaction() {
        return reaction;
    }

    /** The partitions whose offsets are stored. */
    List<TopicPartition> stored() {
        return stored;
    }

    /** The partitions with the gravest reaction; none if all offsets are stored. */
    List<TopicPartition> decisive() {
        return decisive;
    }

    /** The error of the first partition with the gravest reaction. */
    BrokerError error() {
        return first().error();
    }

    /** The name of that error. */
    String describe() {
        return error().describe(first().errorCode());
    }

    /** The exception of that error, which names the partition. */
    KafkaException exception() {
        return CommitErrors.ofPartition(decisive.get(0), error(), first().errorCode());
    }

    /** The exception for the topics that the client must not read. */
    KafkaException unauthorized() {
        return CommitErrors.unauthorized(decisive, stored);
    }

    private Stored first() {
        return Objects.requireNonNull(first, "all offsets are stored");
    }
}
