package dev.surefoot.testkit.simulation.coordinator;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.protocol.Errors;

/** Kafka's coordinator, however it is reached. The topics that it knows of are those of the model. */
interface CoordinatorSide {
    ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request, int version);

    /** The error that a commit of a partition that exists is answered with. */
    Errors commit(OffsetCommitRequestData request, int version);

    Errors fetchOffsets(OffsetFetchRequestGroup request);

    /** The group as the coordinator describes it; with an error if there is none. */
    DescribedGroup describe(String groupId);

    /** Creates a topic and returns its id. The coordinator need not know of it before the change is told. */
    Uuid create(String topic, int partitions);

    void delete(String topic);

    void addPartitions(String topic, int total);

    /** Returns when the coordinator knows the topics of the model. */
    void awaitTopics(TopicCatalog topics);

    /** When something happens in virtual time; {@link Long#MAX_VALUE} for never, or if time is real. */
    long nextDeadlineMs();

    /** Lets virtual time pass; does nothing if time is real. */
    void turn(long nowMs);

    /** Loads the coordinator anew. */
    void reload();
}
