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

    /** A round takes a second: at the default of 5 s it would have no commit in it. */
    private static final int AUTO_COMMIT_INTERVAL_MS = 200;

    private Readers() {}

    /** Opens a new reader, which is part of the measured time. */
    static Reader open(Client client, WrittenTopic topic) {
        return switch (client) {
            case SUREFOOT,
                    SUREFOOT_GROUP_CLASSIC,
                    SUREFOOT_GROUP_CONSUMER,
                    KAFKA_CLASSIC,
                    KAFKA_CONSUMER,
                    KAFKA_TUNED,
                    KAFKA_GROUP_CLASSIC,
                    KAFKA_GROUP_CONSUMER -> pollReader(client, topic);
            case SUREFOOT_VISIT -> new VisitReader(config(topic), topic);
            case WIRE -> new WireReader(topic, Integer.MAX_VALUE);
            case WIRE_PIECES -> new WireReader(topic, WIRE_PIECE_BYTES);
            case LIBRDKAFKA, KCAT -> throw new IllegalArgumentException(client.label() + " does not run in a JVM");
        };
    }

    private static Reader pollReader(Client client, WrittenTopic topic) {
        boolean inGroup = client.group().isPresent();
        return topic.workload().strings()
                ? new PollReader<>(consumer(client, topic, new StringDeserializer()), String::length, topic, inGroup)
                : new PollReader<>(
                        consumer(client, topic, new ByteArrayDeserializer()), value -> value.length, topic, inGroup);
    }

    private static <V> Consumer<byte[], V> consumer(Client client, WrittenTopic topic, Deserializer<V> values) {
        Map<String, Object> config = config(topic);
        client.group().ifPresent(protocol -> {
            join(config, protocol);
            config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
            config.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, AUTO_COMMIT_INTERVAL_MS);
        });
        if (client.assigned().orElse(client) == Client.SUREFOOT) {
            return new SurefootConsumer<>(config, new ByteArrayDeserializer(), values);
        }
        if (client == Client.KAFKA_TUNED) {
            config.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);
        }
        if (client.group().isEmpty()) {
            join(config, client == Client.KAFKA_CONSUMER ? GroupProtocol.CONSUMER : GroupProtocol.CLASSIC);
        }
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), values);
    }

    private static void join(Map<String, Object> config, GroupProtocol protocol) {
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, "bench-" + UUID.randomUUID());
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
