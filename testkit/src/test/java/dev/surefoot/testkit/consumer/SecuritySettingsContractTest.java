package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.surefoot.testkit.consumer.SecurityPlugIns.CountedHandler;
import dev.surefoot.testkit.consumer.SecurityPlugIns.CountedLogin;
import dev.surefoot.testkit.consumer.SecurityPlugIns.EasyEngines;
import dev.surefoot.testkit.consumer.SecurityPlugIns.EasyModule;
import dev.surefoot.testkit.consumer.SecurityPlugIns.MechanismCreator;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Security settings that cannot work are refused at construction with a message that names the key, those that can are
 * not, and a refusal leaves nothing open. Nothing is connected to.
 */
class SecuritySettingsContractTest {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required";
    private static final String LOGIN = " username=\"u\" password=\"p\";";
    private static final String OAUTH_HANDLER =
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler";
    private static final String USERS = EasyModule.class.getName() + " required;";

    @TempDir
    private static Path folder;

    private static String store;

    @BeforeAll
    static void makeStore() throws Exception {
        KeyStore made = KeyStore.getInstance("PKCS12");
        made.load(null, null);
        Path file = folder.resolve("store.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            made.store(out, "right".toCharArray());
        }
        store = file.toString();
    }

    @BeforeEach
    void forgetWhatKafkaLeftOpen() {
        SecurityPlugIns.OPEN.set(0);
    }

    private static Map<String, Object> config(List<String> options) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:1"));
        for (int i = 0; i < options.size(); i += 2) {
            config.put(options.get(i), options.get(i + 1).replace("STORE", String.valueOf(store)));
        }
        return config;
    }

    private static List<String> sasl(String mechanism, String jaas, String... more) {
        return Stream.concat(
                        Stream.of(
                                "security.protocol",
                                "SASL_PLAINTEXT",
                                "sasl.mechanism",
                                mechanism,
                                "sasl.jaas.config",
                                jaas),
                        Stream.of(more))
                .toList();
    }

    private static List<String> ssl(String... more) {
        return Stream.concat(Stream.of("security.protocol", "SSL"), Stream.of(more))
                .toList();
    }

    private static Throwable refusal(Client client, List<String> options) {
        try {
            client.open(config(options)).close();
        } catch (Throwable e) {
            return e;
        }
        return null;
    }

    /** What Kafka's own consumer refuses, and what the message has to name. */
    static Stream<Arguments> refusedByBoth() {
        return Stream.concat(refusedSasl(), refusedTls());
    }

    private static Stream<Arguments> refusedSasl() {
        return Stream.of(
                arguments(List.of("security.protocol", "SASL_PLAINTEXT"), "sasl.jaas.config"),
                arguments(List.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN"), "sasl.jaas.config"),
                arguments(sasl("PLAIN", PLAIN + LOGIN.replace(";", "")), "sasl.jaas.config"),
                arguments(sasl("PLAIN", ""), "sasl.jaas.config"),
                arguments(sasl("PLAIN", PLAIN.replace("required", "sometimes") + LOGIN), "sasl.jaas.config"),
                arguments(sasl("PLAIN", "no.such.Module required" + LOGIN), "no.such.Module"),
                arguments(sasl("PLAIN", "java.lang.String required" + LOGIN), "sasl.jaas.config"),
                arguments(sasl("", PLAIN + LOGIN), "sasl.mechanism"),
                arguments(sasl("GSSAPI", PLAIN + LOGIN), "sasl.kerberos.service.name"),
                arguments(sasl("SCRAM-SHA-256", OAUTH + " unsecuredLoginStringClaim_sub=\"u\";"), "sasl.mechanism"),
                arguments(
                        sasl("OAUTHBEARER", OAUTH + ";", "sasl.login.callback.handler.class", OAUTH_HANDLER),
                        "sasl.oauthbearer.token.endpoint.url"),
                arguments(
                        sasl("PLAIN", PLAIN + LOGIN, "sasl.client.callback.handler.class", "no.such.Class"),
                        "sasl.client.callback.handler.class"),
                arguments(
                        sasl("PLAIN", PLAIN + LOGIN, "sasl.client.callback.handler.class", "java.lang.String"),
                        "sasl.client.callback.handler.class"),
                arguments(
                        sasl("PLAIN", PLAIN + LOGIN, "sasl.login.callback.handler.class", "java.lang.String"),
                        "sasl.login.callback.handler.class"),
                arguments(sasl("PLAIN", PLAIN + LOGIN, "sasl.login.class", "java.lang.String"), "sasl.login.class"));
    }

    private static Stream<Arguments> refusedTls() {
        return Stream.of(
                arguments(ssl("ssl.protocol", "TLSv9"), "ssl.protocol"),
                arguments(ssl("ssl.provider", "NoSuch"), "ssl.provider"),
                arguments(ssl("ssl.keymanager.algorithm", "NOSUCH"), "ssl.keymanager.algorithm"),
                arguments(ssl("ssl.trustmanager.algorithm", "NOSUCH"), "ssl.trustmanager.algorithm"),
                arguments(ssl("ssl.secure.random.implementation", "NOSUCH"), "ssl.secure.random.implementation"),
                arguments(ssl("ssl.truststore.location", "/no/such/file"), "ssl.truststore.location"),
                arguments(
                        ssl("ssl.keystore.location", "/no/such/file", "ssl.keystore.password", "p"),
                        "ssl.keystore.location"),
                arguments(
                        ssl("ssl.truststore.location", "STORE", "ssl.truststore.type", "NOSUCH"),
                        "ssl.truststore.type"),
                arguments(
                        ssl(
                                "ssl.keystore.location",
                                "STORE",
                                "ssl.keystore.password",
                                "right",
                                "ssl.keystore.type",
                                "NOSUCH"),
                        "ssl.keystore.type"),
                arguments(
                        ssl(
                                "ssl.truststore.location",
                                "STORE",
                                "ssl.truststore.password",
                                "wrong",
                                "ssl.truststore.type",
                                "PKCS12"),
                        "ssl.truststore.password"),
                arguments(
                        ssl("ssl.truststore.type", "PEM", "ssl.truststore.certificates", "nonsense"),
                        "ssl.truststore.certificates"),
                arguments(ssl("ssl.engine.factory.class", "no.such.Class"), "ssl.engine.factory.class"),
                arguments(ssl("ssl.engine.factory.class", "java.lang.String"), "ssl.engine.factory.class"));
    }

    /** What Kafka's own consumer finds out with its first connection only. */
    static Stream<Arguments> refusedAtOnce() {
        return Stream.of(
                arguments(sasl("NOSUCH", PLAIN + LOGIN), "sasl.mechanism"),
                arguments(sasl("NO SUCH", PLAIN + LOGIN), "sasl.mechanism"),
                arguments(sasl("plain", PLAIN + LOGIN), "sasl.mechanism"),
                arguments(sasl("SCRAM-SHA-999", SCRAM + LOGIN), "sasl.mechanism"),
                arguments(sasl("NOSUCH", USERS), "sasl.mechanism"),
                arguments(sasl("SCRAM-SHA-256", PLAIN + LOGIN), "ScramLoginModule"),
                arguments(sasl("OAUTHBEARER", PLAIN + LOGIN), "OAuthBearerLoginModule"),
                arguments(sasl("GSSAPI", PLAIN + LOGIN, "sasl.kerberos.service.name", "kafka"), "Krb5LoginModule"),
                arguments(sasl("OAUTHBEARER", OAUTH + ";"), "sasl.oauthbearer.token.endpoint.url"),
                arguments(sasl("PLAIN", PLAIN + ";"), "sasl.jaas.config"),
                arguments(sasl("SCRAM-SHA-512", SCRAM + " username=\"u\";"), "sasl.jaas.config"),
                arguments(
                        sasl(
                                "NOSUCH",
                                USERS,
                                "sasl.login.class",
                                CountedLogin.class.getName(),
                                "sasl.login.callback.handler.class",
                                CountedHandler.class.getName(),
                                "sasl.client.callback.handler.class",
                                CountedHandler.class.getName()),
                        "sasl.mechanism"),
                arguments(ssl("ssl.cipher.suites", "NO_SUCH_CIPHER"), "ssl.cipher.suites"),
                arguments(ssl("ssl.cipher.suites", "TLS_AES_128_GCM_SHA256,NO_SUCH_CIPHER"), "ssl.cipher.suites"),
                arguments(ssl("ssl.enabled.protocols", "TLSv9"), "ssl.enabled.protocols"),
                arguments(ssl("ssl.enabled.protocols", "TLSv1.3,TLSv9"), "ssl.enabled.protocols"),
                arguments(
                        ssl("ssl.endpoint.identification.algorithm", "NOSUCH"),
                        "ssl.endpoint.identification.algorithm"),
                arguments(
                        List.of(
                                "security.protocol",
                                "SASL_SSL",
                                "sasl.mechanism",
                                "PLAIN",
                                "sasl.jaas.config",
                                PLAIN + LOGIN,
                                "ssl.cipher.suites",
                                "NO_SUCH_CIPHER"),
                        "ssl.cipher.suites"));
    }

    static Stream<List<String>> accepted() {
        return Stream.of(
                sasl("PLAIN", PLAIN + LOGIN),
                sasl("PLAIN", SCRAM + LOGIN),
                sasl("SCRAM-SHA-256", SCRAM + LOGIN),
                sasl("SCRAM-SHA-512", SCRAM + LOGIN),
                sasl("OAUTHBEARER", OAUTH + " unsecuredLoginStringClaim_sub=\"u\";"),
                sasl("PLAIN", USERS),
                sasl("PLAIN", PLAIN + ";", "sasl.client.callback.handler.class", CountedHandler.class.getName()),
                sasl("PLAIN", PLAIN + ";", "sasl.login.class", CountedLogin.class.getName()),
                sasl("X-OF-THE-USERS", USERS, "security.providers", MechanismCreator.class.getName()),
                sasl("PLAIN", PLAIN + LOGIN, "security.providers", "no.such.Class"),
                ssl(),
                ssl("ssl.cipher.suites", "TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384"),
                ssl("ssl.enabled.protocols", "TLSv1.2", "ssl.protocol", "TLSv1.2"),
                ssl("ssl.enabled.protocols", ""),
                ssl("ssl.endpoint.identification.algorithm", ""),
                ssl("ssl.endpoint.identification.algorithm", "HTTPS"),
                ssl("ssl.keystore.type", "NOSUCH"),
                ssl(
                        "ssl.truststore.location",
                        "STORE",
                        "ssl.truststore.password",
                        "right",
                        "ssl.truststore.type",
                        "PKCS12",
                        "ssl.trustmanager.algorithm",
                        "SunX509"),
                ssl(
                        "ssl.engine.factory.class",
                        EasyEngines.class.getName(),
                        "ssl.cipher.suites",
                        "OF_THE_USERS",
                        "ssl.enabled.protocols",
                        "OfTheUsers",
                        "ssl.protocol",
                        "OfTheUsers",
                        "ssl.keystore.location",
                        "somewhere else"));
    }

    @ParameterizedTest
    @MethodSource("refusedByBoth")
    void whatKafkasConsumerRefusesIsRefusedWithTheKey(List<String> options, String named) {
        assertThat(refusal(Client.KAFKA, options)).isInstanceOf(KafkaException.class);
        assertRefused(options, named);
    }

    @ParameterizedTest
    @MethodSource("refusedAtOnce")
    void whatNoConnectionCanComeOfIsRefusedAtOnce(List<String> options, String named) {
        assertThat(refusal(Client.KAFKA, options)).isNull();
        assertThat(assertRefused(options, named)).isInstanceOf(ConfigException.class);
    }

    private static Throwable assertRefused(List<String> options, String named) {
        SecurityPlugIns.OPEN.set(0);
        var threads = SecurityPlugIns.threads();
        Throwable refusal = refusal(Client.SUREFOOT, options);
        assertThat(refusal).isInstanceOf(KafkaException.class).hasMessageContaining(named);
        assertThat(refusal.getMessage()).doesNotContain("password=\"p\"").doesNotContain(".. ", "\n");
        assertThat(SecurityPlugIns.OPEN).hasValue(0);
        assertThat(SecurityPlugIns.threads()).isSubsetOf(threads);
        return refusal;
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void whatMayWorkIsNotRefused(List<String> options) {
        for (Client client : Client.values()) {
            assertThat(refusal(client, options)).as(client.name()).isNull();
        }
    }
}
