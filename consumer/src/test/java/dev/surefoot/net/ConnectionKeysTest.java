package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.wire.FetchSettings;
import dev.surefoot.wire.RequestEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys of connections have the effect that they have in {@code KafkaConsumer}. */
class ConnectionKeysTest {
    private static ConsumerConfig config(String key, Object value) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers",
                "127.0.0.1:9092",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class));
        config.put(key, value);
        return new ConsumerConfig(config);
    }

    private static String bootstrapHost(String dnsLookup) {
        return BootstrapNodes.from(config("client.dns.lookup", dnsLookup))
                .get(-1)
                .host();
    }

    /** Kerberos wants canonical names. */
    @Test
    void clientDnsLookup() throws Exception {
        String canonical = InetAddress.getByName("127.0.0.1").getCanonicalHostName();

        assertThat(bootstrapHost("resolve_canonical_bootstrap_servers_only")).isEqualTo(canonical);
        assertThat(bootstrapHost("use_all_dns_ips")).isEqualTo("127.0.0.1");
    }

    @Test
    void socketConnectionSetupTimeoutMax() {
        ConnectionSettings settings = ConnectionSettings.from(
                config("socket.connection.setup.timeout.max.ms", 15_000), new SplittableRandom(1));

        Duration first = Duration.ofNanos(settings.setupTimeout().delayNanos(1));
        Duration tenth = Duration.ofNanos(settings.setupTimeout().delayNanos(10));
        assertThat(first).as("10 s and a fifth").isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
        assertThat(tenth).as("15 s and a fifth").isBetween(Duration.ofSeconds(12), Duration.ofSeconds(18));
    }

    @Test
    void sendAndReceiveBuffer() throws Exception {
        Logger log = LoggerFactory.getLogger(ConnectionKeysTest.class);
        Map<String, Object> keys =
                new HashMap<>(config("send.buffer.bytes", 100_000).originals());
        keys.put("receive.buffer.bytes", 200_000);
        ConsumerConfig config = new ConsumerConfig(keys);
        DirectBufferPool pool = new DirectBufferPool(1 << 20);
        try (Metrics metrics = new Metrics();
                BufferSizes selector = new BufferSizes(config, metrics, pool)) {
            ConnectionEnvironment environment = new ConnectionEnvironment(
                    selector,
                    ConnectionSettings.from(config, new SplittableRandom(1)),
                    RequestEncoder.of(config, new FetchSettings(500, 1, false, "")),
                    AnswerReader.WIRE,
                    new HostLookups(HostLookups.Resolver.SYSTEM, "names", () -> {}),
                    new ArrayDeque<>(),
                    new NodeMeters(metrics, (latencyNanos, throttleTimeMs) -> {}),
                    new FailureLog(log),
                    log);

            environment.open("1", new InetSocketAddress("127.0.0.1", 1));

            assertThat(selector.sent).containsExactly(100_000);
            assertThat(selector.received).containsExactly(200_000);
        }
    }

    /** Keeps the sizes of buffers that sockets are opened with. */
    private static final class BufferSizes extends FaultySelector {
        final List<Integer> sent = new ArrayList<>();
        final List<Integer> received = new ArrayList<>();

        BufferSizes(ConsumerConfig config, Metrics metrics, DirectBufferPool pool) {
            super(config, metrics, pool);
        }

        @Override
        public void connect(String id, InetSocketAddress address, int sendBufferSize, int receiveBufferSize) {
            sent.add(sendBufferSize);
            received.add(receiveBufferSize);
        }
    }
}
