package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.ReceivedRecord;
import dev.surefoot.RecordVisitor;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Topics for visitors to read, and consumers that read them from the beginning. */
final class Visiting {
    /** How many records {@link #written} writes, at offsets from 0. */
    static final int RECORDS = 1200;

    private Visiting() {}

    static SurefootConsumer<byte[], byte[]> reader(Map<String, Object> config, TopicPartition... partitions) {
        SurefootConsumer<byte[], byte[]> consumer = SurefootConsumer.ofBytes(config);
        consumer.assign(List.of(partitions));
        consumer.seekToBeginning(List.of(partitions));
        return consumer;
    }

    static SurefootConsumer<byte[], byte[]> reader(TopicPartition... partitions) {
        return reader(OneBroker.config(), partitions);
    }

    /** A partition with keys, values and headers of all kinds, null ones among them. */
    static TopicPartition written(String codec) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1, Map.of("compression.type", codec)), 0);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            byte[] key = i % 3 == 0 ? null : ("key " + i).getBytes(UTF_8);
            byte[] value = i % 7 == 0 ? null : ("value " + i).repeat(i % 50).getBytes(UTF_8);
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(partition.topic(), 0, System.currentTimeMillis(), key, value);
            for (int h = 0; h < i % 4; h++) {
                record.headers().add("h" + h, h == 2 ? null : ("of " + i).getBytes(UTF_8));
            }
            records.add(record);
        }
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            Writing.send(producer, records);
        }
        return partition;
    }

    /** Visits until so many records were shown. */
    static void until(int count, SurefootConsumer<?, ?> consumer, RecordVisitor visitor) {
        int[] shown = {0};
        Await.until(count + " records", Reading.PATIENCE, () -> {
            shown[0] += consumer.poll(Reading.SHORT, visitor);
            return shown[0] >= count;
        });
        assertThat(shown[0]).isEqualTo(count);
    }

    /** A visitor that always goes on. */
    static RecordVisitor each(Consumer<ReceivedRecord> action) {
        return record -> {
            action.accept(record);
            return RecordVisitor.Result.CONTINUE;
        };
    }
}
