package dev.surefoot.core.position;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Handles an error that a broker reports for one partition. The error does not affect the session or other partitions.
 * The partition backs off, longer with each error in a row. Owned by the loop's thread.
 */
public final class PartitionFaults {
    private final Positions positions;
    private final PositionRepair repair;

    public PartitionFaults(Positions positions, PositionRepair repair) {
        this.positions = positions;
        this.repair = repair;
    }

    /**
     * Handles an error in answer to a fetch from {@code position}.
     *
     * @param nodeId the broker that answered
     * @param fromReplica whether that is not the partition's leader but a replica (KIP-392), which may lag behind
     * @param code the error code as the broker sent it
     */
    public List<Effect> inFetch(
            TrackedPartition partition,
            FetchPosition position,
            int nodeId,
            boolean fromReplica,
            BrokerError error,
            short code,
            long nowNanos) {
        if (error == BrokerError.OFFSET_OUT_OF_RANGE) {
            return fromReplica
                    ? repair.outOfRangeAtReplica(partition, nowNanos)
                    : repair.outOfRange(partition, position, nowNanos);
        }
        String context = "Fetching " + partition.partition() + " from offset " + position.offset();
        KafkaException cause = exception(partition, error, code, context);
        return retryLater(partition, PartitionFault.Api.FETCH, nodeId, error, code, cause, nowNanos);
    }

    /**
     * Handles an error in answer to a look-up of the partition's position.
     *
     * @param nodeId the broker that answered
     * @param code the error code as the broker sent it
     */
    List<Effect> inLookup(
            TrackedPartition partition,
            PartitionFault.Api api,
            int nodeId,
            BrokerError error,
            short code,
            long nowNanos) {
        String asked =
                api == PartitionFault.Api.LIST_OFFSETS ? "Looking up an offset of " : "Validating the position of ";
        KafkaException cause = exception(partition, error, code, asked + partition.partition());
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.LookupFailed(partition.partition(), cause));
        effects.addAll(retryLater(partition, api, nodeId, error, code, cause, nowNanos));
        return effects;
    }

    /** Ends the row of errors in answer to this question, after it was answered without one. */
    public void end(TrackedPartition partition, BrokerQuestion question) {
        PartitionFault fault = partition.fault();
        if (fault != null && fault.api().question() == question) {
            partition.recordFault(null);
        }
    }

    private static KafkaException exception(TrackedPartition partition, BrokerError error, short code, String context) {
        return error == BrokerError.TOPIC_AUTHORIZATION_FAILED
                ? new TopicAuthorizationException(
                        context + ": not authorized",
                        Set.of(partition.partition().topic()))
                : error.exception(context, code);
    }

    private List<Effect> retryLater(
            TrackedPartition partition,
            PartitionFault.Api api,
            int nodeId,
            BrokerError error,
            short code,
            KafkaException cause,
            long nowNanos) {
        TopicPartition name = partition.partition();
        PartitionFault before = partition.fault();
        PartitionFault fault = PartitionFault.next(before, api, nodeId, error, code, nowNanos);
        positions.recordFault(partition, fault);
        positions.backOff(partition, nowNanos);
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.ReadFromLeader(name));
        switch (fault.meaning()) {
            case STALE -> effects.add(new Effect.RefreshMetadata());
            case PASSING -> {
                // The broker may recover, so the application gets no exception. For a look-up, LookupFailed has
                // reported the error.
                if (api == PartitionFault.Api.FETCH) {
                    effects.add(new Effect.FetchFailed(name, cause, partition.retry.failures()));
                }
            }
            case ANSWER, NO_ANSWER, LASTING ->
                effects.add(new Effect.Deliver(new Delivery.Failure(name, partition.generation(), cause, false)));
        }
        boolean lastedBefore = before != null && fault.inARow() > 1 && before.lasts();
        boolean retried = fault.meaning() == ErrorMeaning.STALE || fault.meaning() == ErrorMeaning.PASSING;
        if (retried && fault.lasts() && !lastedBefore) {
            effects.add(new Effect.FaultLasts(name, fault, cause));
        }
        effects.add(new Effect.Reroute(name));
        return effects;
    }
}
