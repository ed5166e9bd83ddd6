package dev.surefoot.core.fetch;

import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.Verdict;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where fetching and position keeping tell what they did. Called on the loop's thread, within the input that caused it. */
public interface FetchListener {
    void deliver(Delivery delivery);

    /** What is known of the cluster has proved wrong or is not enough. */
    void metadataWanted();

    /** The partition's position, pause or rest has changed, so it may have to be fetched otherwise, or no more. */
    void reroute(TrackedPartition partition);

    /** A broker named a newer leader of the partition than metadata had (KIP-951), and the cluster has taken it over. */
    void leaderLearned(TrackedPartition partition);

    /** A fetch was answered; says what the session made of it. */
    void judged(int nodeId, Verdict verdict);

    /** The partition is to be read from this replica instead of its leader (KIP-392), or from the leader again if -1. */
    void readReplicaChanged(TopicPartition partition, int replica);

    /** A leader answered with an error to a question about the partition's position; it is asked again. */
    void lookupFailed(TopicPartition partition, KafkaException cause);

    /** A position was given up by a broker's word rather than the application's, which may skip or repeat records. */
    void positionLost(TopicPartition partition, String what);
}
