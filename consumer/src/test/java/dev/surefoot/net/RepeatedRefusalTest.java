package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.fixtures.Certificate;
import dev.surefoot.fixtures.LogLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two minutes of attempts that all end alike, by a clock that is turned: no line of them is logged
 * more often than once in 30 s.
 */
@Timeout(120)
class RepeatedRefusalTest {
    private static final long WATCHED_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int LINES_MAX = 4;
    /** More than the longest back-off with its jitter. */
    private static final int ATTEMPT_EVERY_MS = 1_201;

    /** A frame that claims to be as long as an int can say. */
    private static final byte[] OVERSIZED = {0x7f, -1, -1, -1};

    @TempDir
    private static Path folder;

    private static Certificate certificate;

    @BeforeAll
    static void makeACertificateForThisHost() throws IOException, InterruptedException {
        certificate = Certificate.ofThisHost(folder);
    }

    @Test
    void aRefusalOfThePassword() throws Exception {
        try (LogLines log = new LogLines();
                ScriptedBroker broker = RefusalTest.sasl(RefusalTest::refuse);
                TransportRun run = new TransportRun(RefusalTest.SASL)) {
            int attempts = attemptForTwoMinutes(run, broker);

            assertThat(log.all())
                    .filteredOn(isAbout("Failed authentication with"))
                    .hasSizeBetween(1, LINES_MAX);
            assertThat(log.warnings()).hasSizeBetween(1, LINES_MAX).allMatch(isAbout("refused this client"));
            assertThat(log.all()).hasSizeLessThanOrEqualTo(2 * LINES_MAX);
            assertThat(run.total("failed-authentication-total")).isEqualTo(attempts);
        }
    }

    @Test
    void aCertificateThatIsNotTrusted() throws Exception {
        try (LogLines log = new LogLines();
                ScriptedBroker broker = ScriptedBroker.over(certificate.serverSocket(), asked -> {});
                TransportRun run = new TransportRun(Map.of("security.protocol", "SSL"))) {
            int attempts = attemptForTwoMinutes(run, broker);

            assertThat(log.all())
                    .filteredOn(isAbout("Failed authentication with"))
                    .hasSizeBetween(1, LINES_MAX);
            assertThat(log.all()).hasSizeLessThanOrEqualTo(2 * LINES_MAX);
            assertThat(run.total("failed-authentication-total")).isEqualTo(attempts);
        }
    }

    @Test
    void anOversizedAnswerOverTls() throws Exception {
        try (LogLines log = new LogLines();
                ScriptedBroker broker =
                        ScriptedBroker.over(certificate.serverSocket(), asked -> asked.write(OVERSIZED));
                TransportRun run = new TransportRun(TlsTest.trusting(certificate))) {
            attemptForTwoMinutes(run, broker);

            assertThat(log.all()).filteredOn(isAbout("Unexpected error from")).isEmpty();
            assertThat(log.warnings())
                    .filteredOn(isAbout("claims to have " + 0x7fffffff + " bytes"))
                    .hasSizeBetween(1, LINES_MAX);
            assertThat(log.warnings()).hasSizeLessThanOrEqualTo(LINES_MAX);
        }
    }

    /** Has a request sent whenever that is possible; returns how many attempts there were. */
    private static int attemptForTwoMinutes(TransportRun run, ScriptedBroker broker) {
        run.transport.brokers(List.of(broker.node(1)));
        int attempts = 0;
        while (run.clock.nanos() < WATCHED_NANOS) {
            Request<?> request = TransportRun.metadata(1, "t");
            run.await("the end of an attempt", () -> {
                if (run.isReady(1)) {
                    run.send(request);
                }
                return run.isFailed(1) && run.openConnections() == 0;
            });
            attempts++;
            run.clock.advanceMs(ATTEMPT_EVERY_MS);
        }
        return attempts;
    }

    private static Predicate<String> isAbout(String what) {
        return line -> line.contains(what);
    }
}
