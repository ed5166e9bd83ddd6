package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.delivery.UnitKeptException;
import dev.surefoot.core.delivery.UnitKeptException.Reason;
import dev.surefoot.progress.StallCause;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
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

    private static RecordDeserializationException refused() {
        return new RecordDeserializationException(
                RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                PARTITION,
                7,
                -1,
                TimestampType.NO_TIMESTAMP_TYPE,
                null,
                null,
                new RecordHeaders(),
                "refused",
                new IllegalStateException());
    }

    @Test
    void aDeserializerFailsIfItRefusesManyRecordsInARow() {
        assertThat(DataCauses.ofRecord(refused(), 9)).isEqualTo(StallCause.RECORD_UNDESERIALIZABLE);
        assertThat(DataCauses.ofRecord(refused(), 10)).isEqualTo(StallCause.DESERIALIZER_FAILING);
    }

    @Test
    void whatIsNotPassedOverIsNamedByWhy() {
        assertThat(kept(Reason.PASSED_TOO_MANY, refused())).isEqualTo(StallCause.DESERIALIZER_FAILING);
        assertThat(kept(Reason.PASSED_TOO_MANY, new CorruptRecordException("damaged")))
                .isEqualTo(StallCause.BATCH_CORRUPT);
        assertThat(kept(Reason.HANDLER_THREW, new IllegalStateException()))
                .isEqualTo(StallCause.RECORD_UNDESERIALIZABLE);
        assertThat(kept(Reason.HANDLER_GIVEN_UP, new IllegalStateException())).isEqualTo(StallCause.HANDLER_FAILING);
    }

    private static StallCause kept(Reason reason, Throwable cause) {
        return DataCauses.ofRecord(new UnitKeptException(reason, "kept", cause), 0);
    }

    @Test
    void aRecordIsNamedByTheFirstCauseThatIsOfItsBatch() {
        assertThat(DataCauses.ofRecord(new KafkaException("no codec", new UnsupportedCompressionTypeException("x")), 0))
                .isEqualTo(StallCause.BATCH_UNDECOMPRESSABLE);
        assertThat(DataCauses.ofRecord(new RecordTooLargeException("large"), 0)).isEqualTo(StallCause.RECORD_TOO_LARGE);
        assertThat(DataCauses.ofRecord(new IllegalStateException("the deserializer's own"), 10))
                .isEqualTo(StallCause.RECORD_UNDESERIALIZABLE);
    }
}
