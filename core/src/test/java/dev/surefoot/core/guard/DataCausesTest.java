package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.StallCause;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.junit.jupiter.api.Test;

class DataCausesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @Test
    void aHaltIsNamedByWhatTheApplicationIsThrown() {
        assertThat(DataCauses.ofHalt(new OffsetOutOfRangeException(Map.of(PARTITION, 7L))))
                .isEqualTo(StallCause.OFFSET_OUT_OF_RANGE);
        assertThat(DataCauses.ofHalt(new NoOffsetForPartitionException(Set.of(PARTITION))))
                .isEqualTo(StallCause.NO_INITIAL_OFFSET);
        assertThat(DataCauses.ofHalt(new LogTruncationException("cut", Map.of(PARTITION, 7L), Map.of())))
                .isEqualTo(StallCause.LOG_TRUNCATED);
        assertThat(DataCauses.ofHalt(new UnknownTopicIdException("created again")))
                .isEqualTo(StallCause.TOPIC_RECREATED);
        assertThat(DataCauses.ofHalt(new CorruptRecordException("damaged"))).isEqualTo(StallCause.BATCH_CORRUPT);
    }

    @Test
    void aRecordIsNamedByTheFirstCauseThatIsOfItsBatch() {
        assertThat(DataCauses.ofRecord(new KafkaException("no codec", new UnsupportedCompressionTypeException("x"))))
                .isEqualTo(StallCause.BATCH_UNDECOMPRESSABLE);
        assertThat(DataCauses.ofRecord(new RecordTooLargeException("large"))).isEqualTo(StallCause.RECORD_TOO_LARGE);
        assertThat(DataCauses.ofRecord(new IllegalStateException("the deserializer's own")))
                .isEqualTo(StallCause.RECORD_UNDESERIALIZABLE);
    }
}
