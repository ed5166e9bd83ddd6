package dev.surefoot.net;

import static dev.surefoot.net.TransportRun.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.fixtures.LogLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A broker tells its versions to anybody. A connection that is lost at the first request, time and again, is a failure
 * like one that could not be made.
 */
@Timeout(60)
class FruitlessConnectionTest {
    private static final MetadataResponseData NOTHING = new MetadataResponseData().setClusterId("c");

    /** What a listener with SASL does to a client without. */
    private static ScriptedBroker closingAtTheFirstRequest() throws IOException {
        return ScriptedBroker.with(ScriptedBroker.Asked::hangUp);
    }

    @Test
    void theReasonNamesWhatWasSeenAndTheKey() throws IOException {
        try (ScriptedBroker broker = closingAtTheFirstRequest();
                TransportRun run = new TransportRun(broker.node(1))) {
            Request<?> request = metadata(1, "t");
            run.sendWhenReady(request);
            assertThat(run.awaitEnd(request).failure().cause())
                    .hasMessageContaining("broker 1 at 127.0.0.1")
                    .hasMessageContaining("Metadata")
                    .hasMessageContaining("authentication")
                    .hasMessageContaining("security.protocol (now PLAINTEXT)");
        }
    }

    @Test
    void theBackoffGrowsUntilARequestIsAnswered() throws IOException {
        List<Boolean> answers = List.of(false, false, false, false, true, false);
        List<Request<?>> sent = new ArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.with(asked -> {
                    if (answers.get(sent.size() - 1)) {
                        asked.answer(NOTHING);
                    }
                    asked.hangUp();
                });
                TransportRun run = new TransportRun(broker.node(1))) {
            List<Long> waitsMs = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                Request<?> request = metadata(1, "t");
                sent.add(request);
                run.sendWhenReady(request);
                run.awaitEnd(request);
                run.awaitFailure();
                long wait = run.transport.nextDeadlineNanos() - run.clock.nanos();
                waitsMs.add(TimeUnit.NANOSECONDS.toMillis(wait));
                run.clock.advanceMs(waitsMs.get(i) + 1);
            }
            assertThat(waitsMs.get(0)).isBetween(39L, 60L);
            assertThat(waitsMs.get(1)).isBetween(79L, 120L);
            assertThat(waitsMs.get(2)).isBetween(159L, 240L);
            assertThat(waitsMs.get(3)).isBetween(319L, 480L);
            assertThat(waitsMs.get(4)).as("after an answer").isBetween(39L, 60L);
            assertThat(waitsMs.get(5)).isBetween(79L, 120L);
        }
    }

    @Test
    void oneWarningSaysSo() throws IOException {
        try (LogLines log = new LogLines();
                ScriptedBroker broker = closingAtTheFirstRequest();
                TransportRun run = new TransportRun(broker.node(1))) {
            while (run.clock.nanos() < TimeUnit.SECONDS.toNanos(20)) {
                Request<?> request = metadata(1, "t");
                run.sendWhenReady(request);
                run.awaitEnd(request);
                run.clock.advanceMs(1_201);
            }
            assertThat(log.all()).singleElement().asString().contains("WARN").contains("security.protocol");
        }
    }

    @Test
    void aConnectionThatIsLostUnusedIsNoFailureToWarnOf() throws IOException {
        try (LogLines log = new LogLines();
                ScriptedBroker broker = ScriptedBroker.raw(question -> {
                    question.answer(ScriptedBroker.versions());
                    question.hangUp();
                });
                TransportRun run = new TransportRun(broker.node(1))) {
            while (run.clock.nanos() < TimeUnit.SECONDS.toNanos(60)) {
                run.awaitFailure();
                run.clock.advanceMs(1_201);
            }
            assertThat(log.all()).isEmpty();
        }
    }
}
