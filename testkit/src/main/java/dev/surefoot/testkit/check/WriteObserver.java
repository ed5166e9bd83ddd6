package dev.surefoot.testkit.check;

import org.apache.kafka.common.TopicPartition;

/** Hears from a writer what has become of each {@link SequencedRecord}. Safe from any thread. */
public interface WriteObserver {

    /** Notes that this record is in the log and must be delivered. */
    void acknowledged(TopicPartition partition, int sequence);

    /** Notes that this record must not be delivered. */
    void aborted(TopicPartition partition, int sequence);
}
