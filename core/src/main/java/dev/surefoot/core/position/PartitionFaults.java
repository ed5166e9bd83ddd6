package dev.surefoot.core.position;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * What an error that a broker reports for one partition asks for. The session and the other partitions are unharmed by it; the
 * partition itself rests before it is asked for again, longer with each error in a row.
 */
public final class PartitionFaults {
    private final Positions positions;
    private final PositionRepair repair;
    private final PositionListener listener;

    public PartitionFaults(Positions positions, PositionRepair repair, PositionListener listener) {
        this.positions = positions;
        this.repair = repair;
        this.listener = listener;
    }

    /**
     * Handles an error in answer to a fetch from {@code position}.
     *
     * @param code the error as the broker gave it
     */
    public void inFetch(
            TrackedPartition partition, FetchPosition position, BrokerError error, short code, long nowNanos) {
        if (error == BrokerError.OFFSET_OUT_OF_RANGE) {
            repair.outOfRange(partition, position, nowNanos);
        } else {
            String context = "Fetching " + partition.partition() + " from offset " + position.offset();
            handle(partition, BrokerQuestion.RECORDS, error, exception(partition, error, code, context), nowNanos);
        }
    }

    /**
     * Handles an error in answer to a question about the partition's offsets or epochs.
     *
     * @param code the error as the broker gave it
     */
    void inLookup(TrackedPartition partition, String asked, BrokerError error, short code, long nowNanos) {
        KafkaException cause = exception(partition, error, code, asked + " " + partition.partition());
        listener.lookupFailed(partition.partition(), cause);
        handle(partition, BrokerQuestion.POSITION, error, cause, nowNanos);
    }

    private static KafkaException exception(TrackedPartition partition, BrokerError error, short code, String context) {
        return error == BrokerError.TOPIC_AUTHORIZATION_FAILED
                ? new TopicAuthorizationException(
                        context + ": not authorized",
                        Set.of(partition.partition().topic()))
                : error.exception(context, code);
    }

    private void handle(
            TrackedPartition partition,
            BrokerQuestion question,
            BrokerError error,
            KafkaException cause,
            long nowNanos) {
        partition.readFromLeader();
        positions.rest(partition, nowNanos);
        switch (question.meaningOf(error)) {
            case STALE -> listener.metadataWanted();
            case PASSING -> {
                // The broker may recover by itself, and the application can do nothing about it.
            }
            case ANSWER, NO_ANSWER, LASTING -> raise(partition, cause);
        }
        listener.reroute(partition);
    }

    private void raise(TrackedPartition partition, KafkaException cause) {
        TopicPartition name = partition.partition();
        listener.deliver(new Delivery.Failure(name, partition.generation(), cause, false));
    }
}
