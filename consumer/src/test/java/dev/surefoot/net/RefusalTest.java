package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.RequestFailure.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A refusal is a broker's last word until another attempt has ended, also while that is under way. */
@Timeout(60)
class RefusalTest {
    static final Map<String, Object> SASL = Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"p\";");

    /** A broker that lets SASL go as far as the credentials, which are for the test to judge. */
    static ScriptedBroker sasl(ScriptedBroker.Script credentials) throws IOException {
        return ScriptedBroker.raw(asked -> {
            switch (asked.api()) {
                case API_VERSIONS -> asked.answer(versions());
                case SASL_HANDSHAKE -> asked.answer(new SaslHandshakeResponseData().setMechanisms(List.of("PLAIN")));
                case SASL_AUTHENTICATE -> credentials.on(asked);
                default -> asked.answer(new MetadataResponseData().setClusterId("c"));
            }
        });
    }

    private static ApiVersionsResponseData versions() {
        ApiVersionsResponseData versions = ScriptedBroker.versions();
        for (ApiKeys api : List.of(ApiKeys.SASL_HANDSHAKE, ApiKeys.SASL_AUTHENTICATE)) {
            versions.apiKeys().add(ScriptedBroker.version(api, api.oldestVersion(), api.latestVersion(false)));
        }
        return versions;
    }

    static void refuse(ScriptedBroker.Asked asked) throws IOException {
        asked.answer(new SaslAuthenticateResponseData()
                .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
                .setErrorMessage("no such user"));
        asked.hangUp();
    }

    private static void accept(ScriptedBroker.Asked asked) throws IOException {
        asked.answer(new SaslAuthenticateResponseData());
    }

    @Test
    void aRefusalIsSaidWhileTheNextAttemptIsUnderWay() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = sasl(held::add);
                TransportRun run = new TransportRun(SASL)) {
            run.transport.brokers(List.of(broker.node(1)));
            run.await("credentials", () -> !run.isFailed(1) && held.size() == 1);
            refuse(held.get(0));
            RequestFailure first = run.awaitFailure();
            assertThat(first.kind()).isEqualTo(Kind.AUTHENTICATION);
            assertThat(first.cause()).hasMessageContaining("no such user");

            run.clock.advanceMs(100);
            run.await("credentials again", () -> {
                assertThat(run.readiness(1)).isEqualTo(new Readiness.Failed(first));
                return held.size() == 2;
            });
            refuse(held.get(1));
            run.await(
                    "another refusal",
                    () -> run.readiness(1) instanceof Readiness.Failed failed && failed.failure() != first);
        }
    }

    @Test
    void anAttemptThatSucceedsIsTheLastWord() throws IOException {
        List<ScriptedBroker.Asked> tried = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = sasl(asked -> {
                    tried.add(asked);
                    if (tried.size() < 3) {
                        refuse(asked);
                    } else {
                        accept(asked);
                    }
                });
                TransportRun run = new TransportRun(SASL)) {
            run.transport.brokers(List.of(broker.node(1)));
            for (int attempt = 0; attempt < 2; attempt++) {
                int refusals = attempt + 1;
                run.await("a refusal", () -> run.isFailed(1) && tried.size() == refusals);
                run.await("its end", () -> run.openConnections() == 0);
                run.clock.advanceMs(250);
            }
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).answer()).isNotNull();
        }
    }

    @Test
    void afterALongSilenceTheAttemptIsWaitedFor() throws IOException {
        List<ScriptedBroker.Asked> held = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = sasl(held::add);
                TransportRun run = new TransportRun(SASL)) {
            run.transport.brokers(List.of(broker.node(1)));
            run.await("credentials", () -> !run.isFailed(1) && held.size() == 1);
            refuse(held.get(0));
            run.awaitFailure();

            run.clock.advanceMs(TimeUnit.HOURS.toMillis(1));
            run.await("credentials again", () -> !run.isFailed(1) && held.size() == 2);
            accept(held.get(1));
            run.await("a connection", () -> {
                Readiness now = run.readiness(1);
                assertThat(now).isNotInstanceOf(Readiness.Failed.class);
                return now instanceof Readiness.Ready;
            });
        }
    }

    @Test
    void aLostConnectionIsALaterWordThanARefusal() throws IOException {
        List<ScriptedBroker.Asked> tried = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = sasl(asked -> {
                    tried.add(asked);
                    if (tried.size() == 1) {
                        refuse(asked);
                    } else {
                        asked.hangUp();
                    }
                });
                TransportRun run = new TransportRun(SASL)) {
            run.transport.brokers(List.of(broker.node(1)));
            assertThat(run.awaitFailure().kind()).isEqualTo(Kind.AUTHENTICATION);
            run.clock.advanceMs(100);
            run.await("the end of the next", () -> run.awaitFailure().kind() == Kind.DISCONNECTED);
            run.clock.advanceMs(250);
            assertThat(run.readiness(1)).isInstanceOf(Readiness.NotYet.class);
        }
    }
}
