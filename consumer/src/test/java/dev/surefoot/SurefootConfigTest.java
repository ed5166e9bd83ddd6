package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurefootConfigTest {

    private static final long MEBIBYTE = 1 << 20;

    private static Map<String, Object> enough() {
        Map<String, Object> given = new HashMap<>();
        given.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
        given.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        given.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        return given;
    }

    private static SurefootConfig with(Object... keysAndValues) {
        Map<String, Object> given = enough();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return SurefootConfig.of(given, null, null);
    }

    private static List<String> ownKeys() {
        TreeSet<String> own = new TreeSet<>(SurefootConfig.configDef().names());
        own.removeAll(ConsumerConfig.configNames());
        return List.copyOf(own);
    }

    @Test
    void everyStandardKeyHasTheValueThatConsumerConfigGivesIt() {
        Map<String, Object> given = enough();
        given.put(ConsumerConfig.CLIENT_ID_CONFIG, "named");
        AbstractConfig standard = new ConsumerConfig(given);
        SurefootConfig config = SurefootConfig.of(given, null, null);

        for (String key : ConsumerConfig.configNames()) {
            Object expected = key.equals("receive.buffer.bytes")
                    ? (Object) (-1)
                    : standard.values().get(key);
            assertThat(config.values().get(key)).as(key).isEqualTo(expected);
        }
    }

    @Test
    void theReceiveBufferIsLeftToTheSystemUnlessItsSizeIsGiven() {
        assertThat(SurefootConfig.configDef().defaultValues()).containsEntry("receive.buffer.bytes", -1);
        assertThat(with("receive.buffer.bytes", "100000").getInt("receive.buffer.bytes"))
                .isEqualTo(100_000);
        assertThatThrownBy(() -> with("receive.buffer.bytes", "-2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("receive.buffer.bytes");
    }

    @Test
    void ownKeysHaveTheirDocumentedDefaults() {
        SurefootConfig config = with();

        assertThat(config.getBoolean("enable.incremental.fetch.sessions")).isTrue();
        assertThat(config.getLong("surefoot.buffer.bytes")).isEqualTo(SurefootConfig.DEFAULT_BUFFER_BYTES);
        assertThat(config.getInt("surefoot.decompressed.batch.max.bytes"))
                .isEqualTo(SurefootConfig.DEFAULT_DECOMPRESSED_BATCH_MAX_BYTES);
        assertThat(config.getInt("surefoot.decompression.threads"))
                .isEqualTo(SurefootConfig.DEFAULT_DECOMPRESSION_THREADS);
        assertThat(config.getLong("surefoot.session.audit.interval.ms")).isEqualTo(60_000);
        assertThat(config.getString("surefoot.on.bad.record")).isEqualTo("fail");
        assertThat(config.getClass("surefoot.on.bad.record.handler")).isNull();
        assertThat(config.getInt("surefoot.on.bad.record.breaker")).isEqualTo(10);
    }

    @Test
    void theDefinitionHoldsTheStandardKeysAndDocumentsItsOwn() {
        assertThat(SurefootConfig.configDef().names()).containsAll(ConsumerConfig.configNames());
        assertThat(ownKeys())
                .containsExactly(
                        "enable.incremental.fetch.sessions",
                        "surefoot.buffer.bytes",
                        "surefoot.decompressed.batch.max.bytes",
                        "surefoot.decompression.threads",
                        "surefoot.group.lease.lapsed",
                        "surefoot.on.bad.record",
                        "surefoot.on.bad.record.breaker",
                        "surefoot.on.bad.record.handler",
                        "surefoot.progress.metrics.partitions.max",
                        "surefoot.recovery",
                        "surefoot.session.audit.interval.ms",
                        "surefoot.stall.patience.ms",
                        "surefoot.transaction.diagnosis")
                .allSatisfy(key -> assertThat(
                                SurefootConfig.configDef().configKeys().get(key).documentation)
                        .isNotBlank());
    }

    @Test
    void theDefinitionHandedOutIsACopy() {
        SurefootConfig.configDef().define("theirs", ConfigDef.Type.STRING, null, "");

        assertThat(SurefootConfig.configDef().names()).doesNotContain("theirs");
    }

    @ParameterizedTest
    @CsvSource({
        "surefoot.buffer.bytes, 1048576",
        "surefoot.buffer.bytes, 1099511627776",
        "surefoot.decompressed.batch.max.bytes, 1048576",
        "surefoot.decompressed.batch.max.bytes, 2147483639",
        "surefoot.decompression.threads, 0",
        "surefoot.decompression.threads, 64",
        "surefoot.session.audit.interval.ms, 1000",
        "enable.incremental.fetch.sessions, false",
    })
    void aValueAtTheEdgeOfItsRangeIsAccepted(String key, String value) {
        assertThat(with(key, value).values().get(key)).hasToString(value);
    }

    @ParameterizedTest
    @CsvSource({
        "surefoot.buffer.bytes, 1048575",
        "surefoot.buffer.bytes, plenty",
        "surefoot.decompressed.batch.max.bytes, 1048575",
        "surefoot.decompressed.batch.max.bytes, 2147483640",
        "surefoot.decompression.threads, -1",
        "surefoot.decompression.threads, 65",
        "surefoot.session.audit.interval.ms, 999",
        "enable.incremental.fetch.sessions, sometimes",
        "isolation.level, READ_COMMITTED",
        "auto.offset.reset, sometime",
        "auto.offset.reset, by_duration:-PT1H",
    })
    void aValueOutOfItsRangeIsRefusedAndNamed(String key, String value) {
        assertThatThrownBy(() -> with(key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"earliest", "latest", "none", "by_duration:PT1H"})
    void everyResetStrategyOfKafkaIsAccepted(String strategy) {
        assertThat(with("auto.offset.reset", strategy).getString("auto.offset.reset"))
                .isEqualTo(strategy);
    }

    @Test
    void aSetReconnectBackoffAloneMakesItTheMaximumAsInKafka() {
        assertThat(with("reconnect.backoff.ms", 77L).getLong("reconnect.backoff.max.ms"))
                .isEqualTo(77);
    }

    @Test
    void aSaslProtocolWithoutAMechanismIsRefusedAsInKafka() {
        assertThatThrownBy(() -> with("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", ""))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sasl.mechanism");
    }

    @Test
    void keysThatTheGroupProtocolDoesNotKnowAreRefusedAsInKafka() {
        assertThatThrownBy(() -> with("group.protocol", "consumer", "session.timeout.ms", 10_000))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("session.timeout.ms");
    }

    @Test
    void autoCommitIsOffWithoutAGroup() {
        assertThat(with().getBoolean("enable.auto.commit")).isFalse();
    }

    @Test
    void askingForAutoCommitWithoutAGroupIsRefusedAsInKafka() {
        assertThatThrownBy(() -> with("enable.auto.commit", "true"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("enable.auto.commit cannot be set to true when default group id (null) is used.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void aBlankGroupIsRefusedAsInKafka(String group) {
        assertThatThrownBy(() -> with("group.id", group))
                .isInstanceOf(InvalidGroupIdException.class)
                .hasMessage("The configured group.id should not be an empty string or whitespace.");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a b", "ä"})
    void anInstanceIdIsNamedLikeATopic(String id) {
        assertThat(with("group.id", "g", "group.instance.id", "a-1._B").getString("group.instance.id"))
                .isEqualTo("a-1._B");
        assertThatThrownBy(() -> with("group.id", "g", "group.instance.id", id))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(id);
    }

    @Test
    void heartbeatsAreMoreFrequentThanSessionsEnd() {
        assertThatThrownBy(() -> with("group.id", "g", "heartbeat.interval.ms", 10_000, "session.timeout.ms", 10_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("heartbeat.interval.ms is 10000");
    }

    @Test
    void aMemberIsNamedAfterItsGroupAsInKafka() {
        assertThat(with("group.id", "billing", "group.instance.id", "one").getString("client.id"))
                .isEqualTo("consumer-billing-one");
    }

    @Test
    void aConsumerWithoutANameGetsOneOfItsOwn() {
        String first = with().getString("client.id");
        String second = with("client.id", "").getString("client.id");

        assertThat(List.of(first, second)).allMatch(id -> id.matches("surefoot-consumer-\\d+"));
        assertThat(first).isNotEqualTo(second);
        assertThat(with("client.id", "mine").getString("client.id")).isEqualTo("mine");
    }

    @Test
    void theClassOfADeserializerInstanceTakesThePlaceOfTheConfiguredOne() {
        Map<String, Object> given = enough();
        given.remove("key.deserializer");

        SurefootConfig config = SurefootConfig.of(given, new StringDeserializer(), new ByteArrayDeserializer());

        assertThat(config.getClass("key.deserializer")).isEqualTo(StringDeserializer.class);
        assertThat(config.getClass("value.deserializer")).isEqualTo(ByteArrayDeserializer.class);
        assertThat(given).as("the map given").doesNotContainKey("key.deserializer");
    }

    @Test
    void anAnonymousDeserializerInstanceServes() {
        Deserializer<String> anonymous = new Deserializer<>() {
            @Override
            public String deserialize(String topic, byte[] data) {
                return topic;
            }
        };

        assertThat(SurefootConfig.of(enough(), anonymous, null).getClass("key.deserializer"))
                .isEqualTo(anonymous.getClass());
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.deserializer", "value.deserializer"})
    void aMissingDeserializerIsRefusedAndBothWaysOutAreNamed(String key) {
        Map<String, Object> given = enough();
        given.remove(key);

        assertThatThrownBy(() -> SurefootConfig.of(given, null, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("must be non-null")
                .hasMessageContaining("pass a deserializer");
    }

    @Test
    void propertiesAreReadAsAMapIs() {
        Properties given = new Properties();
        given.putAll(enough());
        given.setProperty("surefoot.buffer.bytes", "2097152");

        assertThat(SurefootConfig.of(given, null, null).getLong("surefoot.buffer.bytes"))
                .isEqualTo(2 * MEBIBYTE);
    }

    @Test
    void aKeyThatIsNoStringIsRefusedAndNamedWithoutItsValue() {
        Properties given = new Properties();
        given.putAll(enough());
        given.put(42, "secret");

        assertThatThrownBy(() -> SurefootConfig.of(given, null, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'42' of java.lang.Integer")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aNullKeyIsRefused() {
        Map<String, Object> given = enough();
        given.put(null, "x");

        assertThatThrownBy(() -> SurefootConfig.of(given, null, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must be strings");
    }

    @Test
    void valuesFromAConfigProviderAreResolvedOnce() {
        SurefootConfig config = with(
                "config.providers", "echo",
                "config.providers.echo.class", EchoProvider.class.getName(),
                "client.id", "${echo:path:name}",
                "surefoot.buffer.bytes", "${echo:path:3145728}");

        assertThat(config.getString("client.id")).isEqualTo("name");
        assertThat(config.getLong("surefoot.buffer.bytes")).isEqualTo(3 * MEBIBYTE);
        assertThat(with(
                                "config.providers", "echo",
                                "config.providers.echo.class", EchoProvider.class.getName(),
                                "client.rack", "${echo:path:$}")
                        .getString("client.rack"))
                .isEqualTo("${echo:path:again}");
    }

    /** Answers each key with itself, and the key {@code $} with what looks like a reference. */
    public static final class EchoProvider implements ConfigProvider {
        @Override
        public ConfigData get(String path) {
            return new ConfigData(Map.of());
        }

        @Override
        public ConfigData get(String path, Set<String> keys) {
            Map<String, String> data = new HashMap<>();
            keys.forEach(key -> data.put(key, key.equals("$") ? "${echo:path:again}" : key));
            return new ConfigData(data);
        }

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @CsvSource({
        "surefoot.bufer.bytes, surefoot.buffer.bytes",
        "surefoot.buffer, surefoot.buffer.bytes",
        "surefoot.decompress.batch.max.bytes, surefoot.decompressed.batch.max.bytes",
        "surefoot.session.audit.ms, surefoot.session.audit.interval.ms",
        "Surefoot.buffer.bytes, surefoot.buffer.bytes",
        "surfoot.buffer.bytes, surefoot.buffer.bytes",
        "enable.incremental.fetch.session, enable.incremental.fetch.sessions",
        "enable.incremantal.fetch.sessions, enable.incremental.fetch.sessions",
    })
    void aMisspeltOwnKeyIsRefusedAndTheNearestIsSuggested(String misspelt, String meant) {
        assertThatThrownBy(() -> with(misspelt, "1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + misspelt + "'")
                .hasMessageContaining("Did you mean '" + meant + "'?");
    }

    @Test
    void aRefusedKeyBringsTheListOfValidOnes() {
        assertThatThrownBy(() -> with("surefoot.turbo", "1"))
                .satisfies(error -> assertThat(error.getMessage()).contains(ownKeys()));
    }

    @Test
    void aKeyOfSomebodyElseIsKeptForThem() {
        assertThat(with("schema.registry.url", "http://localhost").originals())
                .containsEntry("schema.registry.url", "http://localhost");
    }
}
