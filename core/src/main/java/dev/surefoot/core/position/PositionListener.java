package dev.surefoot.core.position;

import dev.surefoot.core.handover.Delivery;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where position keeping tells what it did. Called on the loop's thread, within the input that caused it. */
public interface PositionListener {
    void deliver(Delivery delivery);

    /** What is known of the cluster has proved wrong or is not enough. */
    void metadataWanted();

    /** The partition's position, pause or rest has changed, so it may have to be fetched otherwise, or no more. */
    void reroute(TrackedPartition partition);

    /** A leader answered with an error to a question about the partition's position; it is asked again. */
    void lookupFailed(TopicPartition partition, KafkaException cause);

    /** A position was given up by a broker's word rather than the application's, which may skip or repeat records. */
    void positionLost(TopicPartition partition, String what);
}
