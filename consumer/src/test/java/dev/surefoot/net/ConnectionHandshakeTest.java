package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection settles before the first request: authentication, and the versions of the APIs. */
@Timeout(60)
class ConnectionHandshakeTest {
    private static final MetadataResponseData NOTHING = new MetadataResponseData().setClusterId("c");

    private static final Map<String, Object> SASL_PLAIN = Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"p\";");

    @Test
    void readinessTellsWhatFetchOfThatBrokerCanDo() throws IOException {
        try (ScriptedBroker old = ScriptedBroker.raw(asked -> asked.answer(onlyFetch(4, 6)));
                ScriptedBroker byName = ScriptedBroker.raw(asked -> asked.answer(onlyFetch(0, 12)));
                ScriptedBroker current = ScriptedBroker.raw(asked -> asked.answer(onlyFetch(4, 99)));
                TransportRun run = new TransportRun(old.node(1), byName.node(2), current.node(3))) {
            run.await("three connections", () -> run.isReady(1) & run.isReady(2) & run.isReady(3));

            assertThat(run.readiness(1)).isEqualTo(new Readiness.Ready(false, false));
            assertThat(run.readiness(2)).isEqualTo(new Readiness.Ready(false, true));
            assertThat(run.readiness(3)).isEqualTo(new Readiness.Ready(true, true));
        }
    }

    private static ApiVersionsResponseData onlyFetch(int lowest, int highest) {
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        data.apiKeys().add(ScriptedBroker.version(ApiKeys.FETCH, lowest, highest));
        return data;
    }

    @Test
    void aBrokerThatDoesNotKnowTheQuestionIsAskedInTheVersionItNames() throws IOException {
        List<Short> versions = new CopyOnWriteArrayList<>();
        ApiVersionsResponseData refusal = new ApiVersionsResponseData().setErrorCode((short) 35);
        refusal.apiKeys().add(ScriptedBroker.version(ApiKeys.API_VERSIONS, 0, 2));
        ScriptedBroker.Script script = asked -> {
            versions.add(asked.version());
            if (asked.version() > 2) {
                asked.answerAs(refusal, (short) 0, asked.correlationId());
            } else {
                asked.answer(ScriptedBroker.versions());
            }
        };
        try (ScriptedBroker broker = ScriptedBroker.raw(script);
                TransportRun run = new TransportRun(broker.node(1))) {
            run.await("a connection", () -> run.isReady(1));

            assertThat(versions).containsExactly(ApiKeys.API_VERSIONS.latestVersion(false), (short) 2);
            assertThat(broker.connections()).isEqualTo(1);
        }
    }

    @Test
    void aBrokerThatSaysNothingButUnsupportedIsAskedInVersionZero() throws IOException {
        ScriptedBroker.Script script = asked -> {
            if (asked.version() > 0) {
                asked.answerAs(
                        new ApiVersionsResponseData().setErrorCode((short) 35), (short) 0, asked.correlationId());
            } else {
                asked.answer(ScriptedBroker.versions());
            }
        };
        try (ScriptedBroker broker = ScriptedBroker.raw(script);
                TransportRun run = new TransportRun(broker.node(1))) {
            run.await("a connection", () -> run.isReady(1));
        }
    }

    @Test
    void aRequestThatTheBrokerHasNoVersionForEndsUnsupported() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.raw(asked -> asked.answer(onlyFetch(4, 12)));
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.ended).isEmpty();
            TransportRun.Ended end = run.awaitEnd(request);

            assertThat(end.failure().kind()).isEqualTo(Kind.UNSUPPORTED_VERSION);
            assertThat(end.failure().cause())
                    .isInstanceOf(UnsupportedVersionException.class)
                    .hasMessageContaining("broker 1")
                    .hasMessageContaining("Metadata");
            assertThat(run.isReady(1)).isTrue();
        }
    }

    @Test
    void aTopicQueryThatForbidsCreationIsNotPutToABrokerThatWouldCreate() throws IOException {
        ApiVersionsResponseData versions = new ApiVersionsResponseData();
        versions.apiKeys().add(ScriptedBroker.version(ApiKeys.METADATA, 0, 3));
        try (ScriptedBroker broker = ScriptedBroker.raw(asked -> asked.answer(versions));
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> request =
                    new MetadataRequest(1, new MetadataQuery(Set.of("t"), false), TransportRun.TIMEOUT_NANOS);
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).failure().kind()).isEqualTo(Kind.UNSUPPORTED_VERSION);
        }
    }

    @Test
    void refusedCredentialsFailWithTheAuthenticationError() throws IOException {
        SaslAuthenticateResponseData refusal =
                new SaslAuthenticateResponseData().setErrorCode((short) 58).setErrorMessage("no such user");
        try (ScriptedBroker broker = ScriptedBroker.raw(saslPlain(refusal));
                TransportRun run = new TransportRun(SASL_PLAIN)) {
            run.transport.brokers(List.of(broker.node(1)));

            var failure = run.awaitFailure();
            assertThat(failure.kind()).isEqualTo(Kind.AUTHENTICATION);
            assertThat(failure.cause())
                    .isInstanceOf(SaslAuthenticationException.class)
                    .hasMessage("no such user");
        }
    }

    @Test
    void saslTakesNoMoreThanItsConfiguration() throws IOException {
        try (ScriptedBroker broker = ScriptedBroker.raw(saslPlain(new SaslAuthenticateResponseData()));
                TransportRun run = new TransportRun(SASL_PLAIN)) {
            run.transport.brokers(List.of(broker.node(1)));
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
        }
    }

    private static ScriptedBroker.Script saslPlain(SaslAuthenticateResponseData verdict) {
        return asked -> {
            switch (asked.api()) {
                case API_VERSIONS -> {
                    ApiVersionsResponseData versions = ScriptedBroker.versions();
                    versions.apiKeys().add(ScriptedBroker.version(ApiKeys.SASL_HANDSHAKE, 0, 1));
                    versions.apiKeys().add(ScriptedBroker.version(ApiKeys.SASL_AUTHENTICATE, 0, 2));
                    asked.answer(versions);
                }
                case SASL_HANDSHAKE -> asked.answer(new SaslHandshakeResponseData().setMechanisms(List.of("PLAIN")));
                case SASL_AUTHENTICATE -> asked.answer(verdict);
                default -> asked.answer(NOTHING);
            }
        };
    }
}
