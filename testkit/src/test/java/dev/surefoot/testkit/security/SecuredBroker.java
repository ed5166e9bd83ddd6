package dev.surefoot.testkit.security;

import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.KafkaClusterBuilder;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** One broker whose listener for clients speaks the given protocol, and what its clients need. */
final class SecuredBroker {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required ";

    private SecuredBroker() {}

    /** A broker that knows the user {@code u} with the password {@code p} by PLAIN, and by SCRAM whom the test makes known. */
    static KafkaClusterBuilder with(String protocol, Certificate certificate) {
        KafkaClusterBuilder builder = KafkaCluster.builder()
                .brokerConfig(
                        "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,CLIENT:" + protocol)
                .brokerConfig("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256")
                .brokerConfig("listener.name.client.plain.sasl.jaas.config", PLAIN + "user_u=\"p\";")
                .brokerConfig("listener.name.client.scram-sha-256.sasl.jaas.config", SCRAM + ";");
        certificate.asKeyStore().forEach(builder::brokerConfig);
        return builder;
    }

    /** A client that speaks the protocol, trusts the certificate, and is the user {@code u}. */
    static Map<String, Object> client(KafkaCluster cluster, String protocol, Certificate trusted) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.putAll(trusted.asTrustStore());
        config.put("security.protocol", protocol);
        config.put("sasl.mechanism", "PLAIN");
        config.put("sasl.jaas.config", PLAIN + "username=\"u\" password=\"p\";");
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, protocol + "-client");
        return config;
    }

    /** The same client, by SCRAM with this password. */
    static Map<String, Object> scram(Map<String, Object> client, String password) {
        Map<String, Object> config = new HashMap<>(client);
        config.put("sasl.mechanism", "SCRAM-SHA-256");
        config.put("sasl.jaas.config", SCRAM + "username=\"u\" password=\"" + password + "\";");
        return config;
    }
}
