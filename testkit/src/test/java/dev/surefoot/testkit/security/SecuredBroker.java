package dev.surefoot.testkit.security;

import dev.surefoot.fixtures.Certificate;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.KafkaClusterBuilder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Brokers whose listeners speak TLS, SASL or both, and what their clients need. They know the user {@code u} with the
 * password {@code p} by PLAIN, and by SCRAM whom the test makes known.
 */
public final class SecuredBroker {
    /** The user that {@link #client} is. */
    public static final String USER = "u";

    /** The user's password. */
    public static final String PASSWORD = "p";

    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final String PLAIN = MODULES + "plain.PlainLoginModule required ";
    private static final String SCRAM = MODULES + "scram.ScramLoginModule required ";

    private SecuredBroker() {}

    /** One broker whose listener for clients speaks this protocol. */
    static KafkaClusterBuilder with(String protocol, Certificate certificate) {
        KafkaClusterBuilder builder = KafkaCluster.builder()
                .brokerConfig(
                        "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,CLIENT:" + protocol);
        secure(builder, "CLIENT", certificate);
        return builder;
    }

    /** Has a listener show this certificate and take part in SASL, as far as its protocol needs that. */
    public static void secure(KafkaClusterBuilder builder, String listener, Certificate certificate) {
        String prefix = "listener.name." + listener.toLowerCase(Locale.ROOT) + ".";
        builder.brokerConfig(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256")
                .brokerConfig(prefix + "plain.sasl.jaas.config", PLAIN + "user_" + USER + "=\"" + PASSWORD + "\";")
                .brokerConfig(prefix + "scram-sha-256.sasl.jaas.config", SCRAM + ";");
        certificate.asKeyStore().forEach((key, value) -> builder.brokerConfig(prefix + key, value));
    }

    /** What a client needs beside the address: it speaks the protocol, trusts the certificate, and logs in by PLAIN. */
    public static Map<String, String> client(String protocol, Certificate trusted) {
        Map<String, String> config = new HashMap<>(trusted.asTrustStore());
        config.put("security.protocol", protocol);
        config.put("sasl.mechanism", "PLAIN");
        config.put("sasl.jaas.config", PLAIN + credentials(PASSWORD));
        return config;
    }

    /** What a client needs to log in by SCRAM with this password. */
    public static Map<String, String> scram(String password) {
        return Map.of("sasl.mechanism", "SCRAM-SHA-256", "sasl.jaas.config", SCRAM + credentials(password));
    }

    private static String credentials(String password) {
        return "username=\"" + USER + "\" password=\"" + password + "\";";
    }

    /** A client of this cluster that speaks the protocol, trusts the certificate, and logs in by PLAIN. */
    static Map<String, Object> client(KafkaCluster cluster, String protocol, Certificate trusted) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.putAll(client(protocol, trusted));
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, protocol + "-client");
        return config;
    }

    /** The same client, by SCRAM with this password. */
    static Map<String, Object> scram(Map<String, Object> client, String password) {
        Map<String, Object> config = new HashMap<>(client);
        config.putAll(scram(password));
        return config;
    }
}
