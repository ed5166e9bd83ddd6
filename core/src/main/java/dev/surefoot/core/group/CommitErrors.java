package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/** The exceptions with which commits fail. */
final class CommitErrors {
    private CommitErrors() {}

    /** @param why what the coordinator said, or what the client knows */
    static KafkaException noMember(String why) {
        return new CommitFailedException("Offsets were not committed, as this consumer is no member of its group, or no"
                + " longer the member that consumed them: " + why + ". Another member may own the partitions by now."
                + " If processing takes longer than max.poll.interval.ms, raise that or lower max.poll.records");
    }

    static KafkaException rebalancing() {
        return new RebalanceInProgressException("Offsets were not committed, as the group is rebalancing. Call poll()"
                + " until the rebalance has ended, and commit the partitions that are still assigned then");
    }

    static KafkaException givenUp(Collection<TopicPartition> partitions) {
        return new CommitFailedException("Offsets were not committed before this consumer gave up partitions "
                + partitions + " in a rebalance. To have them committed, use commitSync, or commit in"
                + " onPartitionsRevoked");
    }

    static KafkaException staleEpoch() {
        return new CommitFailedException("Offsets were not committed, as the coordinator knows this consumer under"
                + " another member epoch. Call poll() to take part in the rebalance, and commit the partitions that are"
                + " still assigned then");
    }

    static KafkaException retriable(KafkaException cause) {
        return new RetriableCommitFailedException(
                "Offsets were not committed, and may be if they are committed again: " + cause.getMessage(), cause);
    }

    /** @param last why it was not stored so far, or null if it was not sent */
    static KafkaException tooLate(@Nullable KafkaException last) {
        return last == null
                ? new TimeoutException("Offsets were not committed in time, as the group's coordinator was not found or"
                        + " has not answered")
                : new TimeoutException("Offsets were not committed in time: " + last.getMessage(), last);
    }

    /** @param coordinatorKnown whether there was anybody to commit at */
    static KafkaException closing(boolean coordinatorKnown) {
        return new CommitFailedException(
                coordinatorKnown
                        ? "Failed to commit offsets: the consumer was closed before the coordinator has answered"
                        : "Failed to commit offsets: Coordinator unknown and consumer is closing");
    }

    static KafkaException ofPartition(TopicPartition partition, BrokerError error, short errorCode) {
        return error.exception("Committing the offset of " + partition, errorCode);
    }

    /** @param stored the partitions of the same commit whose offsets are stored */
    static KafkaException unauthorized(Collection<TopicPartition> partitions, Collection<TopicPartition> stored) {
        Set<String> topics = new TreeSet<>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        return new TopicAuthorizationException(
                "Not authorized to commit offsets of topics " + topics
                        + (stored.isEmpty() ? "" : "; the offsets of " + stored + " were committed"),
                topics);
    }
}
