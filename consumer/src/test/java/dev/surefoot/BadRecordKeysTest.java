package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys about bad records, alone and together, and the life of a handler. */
class BadRecordKeysTest {
    private static final List<String> EVENTS = new ArrayList<>();

    /** Is made by a consumer. */
    public static final class Handler implements BadRecordHandler, AutoCloseable {
        @Override
        public void configure(Map<String, ?> configs) {
            EVENTS.add("configured for " + configs.get("client.id"));
        }

        @Override
        public void handle(BadUnit unit) {
            EVENTS.add("called");
        }

        @Override
        public void close() {
            EVENTS.add("closed");
        }
    }

    /** Cannot be configured. */
    public static final class Unwilling implements BadRecordHandler {
        @Override
        public void configure(Map<String, ?> configs) {
            throw new IllegalStateException("no topic of dead letters is configured");
        }

        @Override
        public void handle(BadUnit unit) {}
    }

    @BeforeEach
    void forgetEvents() {
        EVENTS.clear();
    }

    private static Map<String, Object> given(Object... pairs) {
        Map<String, Object> given = new HashMap<>();
        given.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9");
        given.put(ConsumerConfig.CLIENT_ID_CONFIG, "me");
        for (int i = 0; i < pairs.length; i += 2) {
            given.put((String) pairs[i], pairs[i + 1]);
        }
        return given;
    }

    private static void open(Object... pairs) {
        SurefootConsumer.ofBytes(given(pairs)).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "skip"})
    void actionsWithoutAHandlerNeedNothingElse(String action) {
        open("surefoot.on.bad.record", action, "surefoot.on.bad.record.breaker", "1");
    }

    @ParameterizedTest
    @CsvSource({
        "surefoot.on.bad.record, ignore",
        "surefoot.on.bad.record, FAIL",
        "surefoot.on.bad.record.breaker, 0",
        "surefoot.on.bad.record.breaker, many",
        "surefoot.on.bad.record.handler, no.such.Class",
    })
    void aWrongValueIsRefusedAndNamed(String key, String value) {
        assertThatThrownBy(() -> open(key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    @Test
    void deadLettersNeedAHandler() {
        assertThatThrownBy(() -> open("surefoot.on.bad.record", "dead-letter"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs surefoot.on.bad.record.handler")
                .hasMessageContaining("dev.surefoot.BadRecordHandler");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "skip"})
    void aHandlerThatNothingCallsIsRefused(String action) {
        assertThatThrownBy(
                        () -> open("surefoot.on.bad.record", action, "surefoot.on.bad.record.handler", new Handler()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("would never call")
                .hasMessageContaining("surefoot.on.bad.record=dead-letter");
        assertThat(EVENTS).isEmpty();
    }

    @Test
    void aHandlerIsMadeOfANameOrAClass() {
        open("surefoot.on.bad.record", "dead-letter", "surefoot.on.bad.record.handler", Handler.class.getName());
        open("surefoot.on.bad.record", "dead-letter", "surefoot.on.bad.record.handler", Handler.class);

        assertThat(EVENTS).containsExactly("configured for me", "closed", "configured for me", "closed");
    }

    @Test
    void anInstanceIsUsedAsItIsAndClosed() {
        open("surefoot.on.bad.record", "dead-letter", "surefoot.on.bad.record.handler", new Handler());

        assertThat(EVENTS).containsExactly("closed");
    }

    @Test
    void aLambdaServes() {
        BadRecordHandler handler = unit -> EVENTS.add("called");

        open("surefoot.on.bad.record", "dead-letter", "surefoot.on.bad.record.handler", handler);
    }

    @Test
    void aClassThatIsNoHandlerIsRefused() {
        assertThatThrownBy(() ->
                        open("surefoot.on.bad.record", "dead-letter", "surefoot.on.bad.record.handler", String.class))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("surefoot.on.bad.record.handler names java.lang.String");
    }

    @Test
    void aHandlerThatCannotBeConfiguredIsNamed() {
        assertThatThrownBy(() -> open(
                        "surefoot.on.bad.record", "dead-letter", "surefoot.on.bad.record.handler", Unwilling.class))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining(Unwilling.class.getName())
                .hasMessageContaining("no topic of dead letters is configured");
    }

    @Test
    void whateverElseFailsTheHandlerIsClosed() {
        for (Object handler : List.of(new Handler(), Handler.class)) {
            EVENTS.clear();
            assertThatThrownBy(() -> open(
                            "surefoot.on.bad.record",
                            "dead-letter",
                            "surefoot.on.bad.record.handler",
                            handler,
                            "security.protocol",
                            "SSL",
                            "ssl.truststore.location",
                            "no such file"))
                    .isInstanceOf(KafkaException.class);
            assertThat(EVENTS).endsWith("closed").doesNotHaveDuplicates();
        }
    }
}
