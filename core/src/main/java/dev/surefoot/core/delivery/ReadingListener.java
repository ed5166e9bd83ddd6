package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.Watermarks;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where lanes tell what the application has read. Called on the application's thread, and never for each single record.
 */
public interface ReadingListener {
    /** Does nothing. */
    ReadingListener NONE = new ReadingListener() {
        @Override
        public void recordsTaken(TopicPartition partition, int records, long bytes) {}

        @Override
        public void answerRead(FetchedAnswer answer) {}

        @Override
        public void changed(
                TopicPartition partition, @Nullable FetchPosition position, Watermarks watermarks, boolean read) {}
    };

    /**
     * The application has taken records of one partition in a row.
     *
     * @param bytes as {@code RecordCursor.sizeBytes} has them
     */
    void recordsTaken(TopicPartition partition, int records, long bytes);

    /** Everything that one fetch answer brought has been read or dropped. */
    void answerRead(FetchedAnswer answer);

    /**
     * The consumed position of an assigned partition, or what is known of its log, is another than it was.
     *
     * @param position null while it is being looked up
     * @param read whether the application has read on, rather than moved the position or heard of new watermarks
     */
    void changed(TopicPartition partition, @Nullable FetchPosition position, Watermarks watermarks, boolean read);
}
