package dev.surefoot.bench.throughput;

import dev.surefoot.SurefootConsumer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Makes the readers of the clients that run in a JVM. */
final class Readers {
    private static final int WIRE_PIECE_BYTES = 128 << 10;

    private Readers() {}

    /** Opens a new reader, which is part of the measured time. */
    static Reader open(Client client, WrittenTopic topic) {
        return switch (client) {
            case SUREFOOT, KAFKA_CLASSIC, KAFKA_CONSUMER, KAFKA_TUNED ->
                topic.workload().strings()
                        ? new PollReader<>(consumer(client, topic, new StringDeserializer()), String::length, topic)
                        : new PollReader<>(
                                consumer(client, topic, new ByteArrayDeserializer()), value -> value.length, topic);
            case SUREFOOT_VISIT -> new VisitReader(config(topic), topic);
            case WIRE -> new WireReader(topic, Integer.MAX_VALUE);
            case WIRE_PIECES -> new WireReader(topic, WIRE_PIECE_BYTES);
            case LIBRDKAFKA, KCAT -> throw new IllegalArgumentException(client.label() + " does not run in a JVM");
        };
    }

    private static <V> Consumer<byte[], V> consumer(Client client, WrittenTopic topic, Deserializer<V> values) {
        Map<String, Object> config = config(topic);
        if (client == Client.SUREFOOT) {
            return new SurefootConsumer<>(config, new ByteArrayDeserializer(), values);
        }
        if (client == Client.KAFKA_TUNED) {
            config.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);
        }
        GroupProtocol protocol = client == Client.KAFKA_CONSUMER ? GroupProtocol.CONSUMER : GroupProtocol.CLASSIC;
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, "bench-" + UUID.randomUUID());
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), values);
    }

    private static Map<String, Object> config(WrittenTopic topic) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, topic.bootstrapServers());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                topic.workload().readCommitted() ? "read_committed" : "read_uncommitted");
        return config;
    }
}
