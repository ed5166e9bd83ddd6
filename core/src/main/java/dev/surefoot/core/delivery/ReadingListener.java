package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.Watermarks;
import org.apache.kafka.common.TopicPartition;

/** Gets reports of what the application has read. Called on the application's thread, once for many records. */
public interface ReadingListener {
    /** Does nothing. */
    ReadingListener NONE = new ReadingListener() {
        @Override
        public void recordsTaken(TopicPartition partition, int records, long bytes) {}

        @Override
        public void answerRead(FetchedAnswer answer) {}

        @Override
        public void changed(LaneView lane, Watermarks watermarks, boolean read) {}
    };

    /**
     * The application has taken consecutive records of one partition.
     *
     * @param records the number of records, 1 or more
     * @param bytes the sum of their {@code RecordCursor.sizeBytes}
     */
    void recordsTaken(TopicPartition partition, int records, long bytes);

    /** All deliveries of one fetch answer have been read or dropped. */
    void answerRead(FetchedAnswer answer);

    /**
     * The consumed position of an assigned partition, its watermarks or its deliveries have changed.
     *
     * @param read whether the application has read records; false after a seek or new watermarks alone
     */
    void changed(LaneView lane, Watermarks watermarks, boolean read);
}
