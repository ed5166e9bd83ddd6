package dev.surefoot.core.fetch;

import dev.surefoot.core.position.PositionListener;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.Verdict;
import org.apache.kafka.common.TopicPartition;

/** Where fetching tells what it did. Called on the loop's thread, within the input that caused it. */
public interface FetchListener extends PositionListener {
    /** A broker named a newer leader of the partition than metadata had (KIP-951), and the cluster has taken it over. */
    void leaderLearned(TrackedPartition partition);

    /** A fetch was answered; says what the session made of it. */
    void judged(int nodeId, Verdict verdict);

    /** The partition is to be read from this replica instead of its leader (KIP-392), or from the leader again if -1. */
    void readReplicaChanged(TopicPartition partition, int replica);
}
