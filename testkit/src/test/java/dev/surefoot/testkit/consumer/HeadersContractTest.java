package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Headers that were received are those that were sent, whoever received them and whoever asks. */
class HeadersContractTest {
    private static final List<UnaryOperator<Headers>> CONTENTS = List.of(
            headers -> headers,
            headers -> headers.add("a", new byte[] {1}),
            headers -> headers.add("a", new byte[] {1}).add("b", null).add("a", new byte[0]),
            headers -> headers.add("", new byte[] {1}).add("é", new byte[] {2}));

    /** Keeps the headers that it is given. */
    private static final class KeepsHeaders implements Deserializer<byte[]> {
        private final List<Headers> kept = new ArrayList<>();

        @Override
        public byte[] deserialize(String topic, byte[] data) {
            throw new AssertionError("the form with headers is there to be used");
        }

        @Override
        public byte[] deserialize(String topic, Headers headers, byte[] data) {
            kept.add(headers);
            return data;
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> send(TopicPartition partition) {
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        for (UnaryOperator<Headers> content : CONTENTS) {
            ProducerRecord<byte[], byte[]> record = Writing.record(partition, "value");
            content.apply(record.headers());
            sent.add(record);
        }
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            Writing.send(producer, sent);
        }
        return sent;
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            Client client, TopicPartition partition, Deserializer<byte[]> values) {
        try (Consumer<byte[], byte[]> consumer = client.open(OneBroker.config(), new ByteArrayDeserializer(), values)) {
            consumer.assign(List.of(partition));
            return Reading.take(consumer, CONTENTS.size());
        }
    }

    private static void assertEqualBothWays(Object one, Object other) {
        assertThat(one.equals(other)).as("%s equals %s", one, other).isTrue();
        assertThat(other.equals(one)).as("%s equals %s", other, one).isTrue();
        assertThat(one).hasSameHashCodeAs(other);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReceivedEqualsWhatWasSent(Client client) {
        TopicPartition partition = new TopicPartition(OneBroker.topic(1), 0);
        List<ProducerRecord<byte[], byte[]>> sent = send(partition);
        KeepsHeaders keeps = new KeepsHeaders();
        List<ConsumerRecord<byte[], byte[]>> plain = read(client, partition, new ByteArrayDeserializer());
        List<ConsumerRecord<byte[], byte[]>> seen = read(client, partition, keeps);

        for (int i = 0; i < sent.size(); i++) {
            Headers headers = sent.get(i).headers();
            for (Headers received : List.of(plain.get(i).headers(), seen.get(i).headers(), keeps.kept.get(i))) {
                assertEqualBothWays(headers, received);
                assertEqualBothWays(CONTENTS.get(i).apply(new RecordHeaders()), received);
                assertThat(received)
                        .hasToString(CONTENTS.get(i).apply(new RecordHeaders()).toString());
                Header[] array = headers.toArray();
                for (int header = 0; header < array.length; header++) {
                    assertEqualBothWays(array[header], received.toArray()[header]);
                    assertThat(received.toArray()[header]).hasToString(array[header].toString());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void receivedHeadersMayBeSentOn(Client client) {
        TopicPartition from = new TopicPartition(OneBroker.topic(1), 0);
        TopicPartition to = new TopicPartition(OneBroker.topic(1), 0);
        List<ProducerRecord<byte[], byte[]>> sent = send(from);
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(OneBroker.cluster())) {
            Writing.send(
                    producer,
                    read(client, from, new ByteArrayDeserializer()).stream()
                            .map(record -> new ProducerRecord<>(
                                    to.topic(), to.partition(), record.key(), record.value(), record.headers()))
                            .toList());
        }
        List<ConsumerRecord<byte[], byte[]>> again = read(client, to, new ByteArrayDeserializer());
        for (int i = 0; i < sent.size(); i++) {
            assertEqualBothWays(sent.get(i).headers(), again.get(i).headers());
        }
    }
}
