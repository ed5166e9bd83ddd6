package dev.surefoot.testkit.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.fixtures.Certificate;
import dev.surefoot.fixtures.LogLines;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every security.protocol of a client at every one of a listener. */
@Timeout(180)
@Tag("thorough")
class SecurityMismatchTest {
    private static final List<String> PROTOCOLS = List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

    /** Longer than a client takes to warn, and shorter than it waits before it repeats itself. */
    private static final Duration WATCHED = Duration.ofSeconds(11);

    @TempDir
    private static Path folder;

    private static Certificate certificate;

    @BeforeAll
    static void makeACertificateForThisHost() throws Exception {
        certificate = Certificate.ofThisHost(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"})
    void oneWarningSaysWhatWasSeenAndNamesTheKey(String listener) {
        Map<String, Consumer<byte[], byte[]>> consumers = new HashMap<>();
        Map<String, List<String>> thrown = new HashMap<>();
        try (KafkaCluster cluster = SecuredBroker.with(listener, certificate).start();
                LogLines log = new LogLines()) {
            cluster.createTopic("t", 1, 1);
            for (String protocol : PROTOCOLS) {
                Consumer<byte[], byte[]> consumer =
                        new SurefootConsumer<>(SecuredBroker.client(cluster, protocol, certificate));
                consumer.assign(List.of(new TopicPartition("t", 0)));
                consumers.put(protocol, consumer);
                thrown.put(protocol, new ArrayList<>());
            }
            assertThat(consumers.get(listener).partitionsFor("t")).hasSize(1);

            long end = System.nanoTime() + WATCHED.toNanos();
            while (System.nanoTime() - end < 0) {
                consumers.forEach((protocol, consumer) -> {
                    try {
                        consumer.poll(Duration.ofMillis(20));
                    } catch (KafkaException e) {
                        thrown.get(protocol).add(e.getMessage());
                    }
                });
            }

            assertThat(log.warningsOf(listener + "-client")).isEmpty();
            assertThat(thrown.get(listener)).isEmpty();
            for (String protocol : PROTOCOLS) {
                if (!protocol.equals(listener)) {
                    String seen = seen(protocol, listener);
                    assertThat(log.warningsOf(protocol + "-client"))
                            .as("%s at %s", protocol, listener)
                            .singleElement()
                            .asString()
                            .contains(seen, "security.protocol", "127.0.0.1");
                    assertThat(thrown.get(protocol)).allMatch(message -> message.contains(seen));
                }
            }
        } finally {
            consumers.values().forEach(Consumer::close);
        }
    }

    private static String seen(String client, String listener) {
        boolean tlsHere = client.endsWith("SSL");
        boolean tlsThere = listener.endsWith("SSL");
        if (tlsHere && !tlsThere) {
            return "closed while authenticating; the listener there may expect another security.protocol than "
                    + client;
        } else if (tlsThere && !tlsHere) {
            return "the other side speaks TLS; its listener expects security.protocol SSL or SASL_SSL";
        } else if (client.startsWith("SASL")) {
            return "the broker's listener does not take part in SASL: check security.protocol (now " + client + ")";
        } else {
            return "its listener may expect authentication: check security.protocol (now " + client + ")";
        }
    }
}
