package dev.surefoot.core.fetch;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.FetchPosition;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * What an error that a broker reports for one partition asks for. The session and the other partitions are unharmed by it; the
 * partition itself rests before it is asked for again, longer with each error in a row.
 */
final class PartitionFaults {
    private final Positions positions;
    private final PositionRepair repair;
    private final FetchListener listener;

    PartitionFaults(Positions positions, PositionRepair repair, FetchListener listener) {
        this.positions = positions;
        this.repair = repair;
        this.listener = listener;
    }

    /** Handles an error in answer to a fetch from {@code position}. */
    void inFetch(TrackedPartition partition, FetchPosition position, BrokerError error, long nowNanos) {
        if (error == BrokerError.OFFSET_OUT_OF_RANGE) {
            repair.outOfRange(partition, position, nowNanos);
        } else {
            handle(
                    partition,
                    "Fetching " + partition.partition() + " from offset " + position.offset(),
                    error,
                    nowNanos);
        }
    }

    /** Handles an error in answer to a question about the partition's offsets or epochs. */
    void inLookup(TrackedPartition partition, String asked, BrokerError error, long nowNanos) {
        handle(partition, asked + " " + partition.partition(), error, nowNanos);
    }

    private void handle(TrackedPartition partition, String context, BrokerError error, long nowNanos) {
        partition.readFromLeader();
        positions.rest(partition, nowNanos);
        switch (error) {
            case NOT_LEADER_OR_FOLLOWER,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    LEADER_NOT_AVAILABLE,
                    BROKER_NOT_AVAILABLE,
                    REPLICA_NOT_AVAILABLE,
                    KAFKA_STORAGE_ERROR,
                    OFFSET_NOT_AVAILABLE,
                    LISTENER_NOT_FOUND,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    INCONSISTENT_TOPIC_ID -> listener.metadataWanted();
            case REQUEST_TIMED_OUT, THROTTLING_QUOTA_EXCEEDED, UNKNOWN_SERVER_ERROR -> {
                // The broker may recover by itself, and the application can do nothing about it.
            }
            case TOPIC_AUTHORIZATION_FAILED ->
                raise(
                        partition,
                        new TopicAuthorizationException(
                                context + ": not authorized",
                                Set.of(partition.partition().topic())));
            case NONE,
                    OFFSET_OUT_OF_RANGE,
                    CORRUPT_MESSAGE,
                    INVALID_TOPIC_EXCEPTION,
                    CLUSTER_AUTHORIZATION_FAILED,
                    UNSUPPORTED_VERSION,
                    INVALID_REQUEST,
                    UNSUPPORTED_FOR_MESSAGE_FORMAT,
                    FETCH_SESSION_ID_NOT_FOUND,
                    INVALID_FETCH_SESSION_EPOCH,
                    FETCH_SESSION_TOPIC_ID_ERROR,
                    REBOOTSTRAP_REQUIRED -> raise(partition, error.exception(context));
        }
        listener.reroute(partition);
    }

    private void raise(TrackedPartition partition, KafkaException cause) {
        TopicPartition name = partition.partition();
        listener.deliver(new Delivery.Failure(name, partition.generation(), cause, false));
    }
}
