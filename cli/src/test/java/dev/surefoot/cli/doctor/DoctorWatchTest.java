package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command while it goes on looking at a real cluster, and how it ends. */
@Timeout(180)
@Tag("soak")
class DoctorWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static KafkaCluster cluster;
    private static ClusterTopics topics;

    @BeforeAll
    static void startACluster() {
        cluster = KafkaCluster.builder()
                .brokerConfig("group.initial.rebalance.delay.ms", "0")
                .start();
        topics = new ClusterTopics(cluster);
    }

    @AfterAll
    static void endTheCluster() {
        cluster.close();
    }

    @Test
    void watchingTellsChangesUntilItIsStopped() {
        String topic = topics.filled("watched", 1, 10);
        topics.readAll(topic);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Termination termination = new Termination();
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                out, termination, "doctor", "-b", cluster.bootstrapServers(), "-g", topic, "--for", "1s", "--watch"));
        awaitText(out, "Healthy.");

        topics.write(topic, 0, 5);
        awaitText(out, "NO_MEMBERS (application) (was FINE, CAUGHT_UP)");
        awaitText(out, "STALLED, NO_MEMBERS");
        termination.ask();

        assertThat(exitCode.join()).isEqualTo(1);
    }

    @Test
    void watchingEndsWhenNobodyReadsItsLinesAnyMore() {
        String topic = topics.filled("piped", 1, 10);
        topics.readAll(topic);
        CountDownLatch reported = new CountDownLatch(1);
        OutputStream closedAfterTheReport = new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                write(new byte[] {(byte) each}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (reported.getCount() == 0) {
                    throw new IOException("Broken pipe");
                }
                if (new String(bytes, from, length, StandardCharsets.UTF_8).contains("Healthy.")) {
                    reported.countDown();
                }
            }
        };
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                closedAfterTheReport,
                new Termination(),
                "doctor",
                "-b",
                cluster.bootstrapServers(),
                "-g",
                topic,
                "--for",
                "1s",
                "--watch"));
        Await.until("the report", PATIENCE, () -> reported.getCount() == 0);

        topics.write(topic, 0, 5);

        assertThat(exitCode.join()).isIn(0, 1);
    }

    @Test
    void aGroupThatIsDeletedMeanwhileSpoilsNoOther() throws Exception {
        String topic = topics.filled("of-a-deleted-group", 1, 10);
        topics.commit(topic, "stays", 10);
        topics.commit(topic, "goes", 10);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Termination termination = new Termination();
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                out,
                err,
                termination,
                "doctor",
                "-b",
                cluster.bootstrapServers(),
                "-t",
                topic,
                "--for",
                "1s",
                "--watch"));
        awaitText(out, "group stays");

        cluster.admin().deleteConsumerGroups(List.of("goes")).all().get();
        awaitText(out, "group goes: WAITING, NOT_SEEN (cluster) - there is no consumer group 'goes'");
        termination.ask();

        assertThat(exitCode.join()).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("group stays of-a-deleted-group-0:");
    }

    @Test
    void aLookThatIsStoppedSaysWhatItHasSeen() {
        String topic = topics.filled("stopped", 1, 10);
        topics.commit(topic, topic, 10);
        Termination termination = new Termination();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                out, termination, "doctor", "-b", cluster.bootstrapServers(), "-g", topic, "--for", "10m"));
        Await.until(
                "the look has begun",
                PATIENCE,
                () -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(each -> each.getName().contains("surefoot-doctor")));

        termination.ask();

        assertThat(exitCode.join()).isIn(0, 3);
    }

    private static void awaitText(ByteArrayOutputStream out, String text) {
        Await.until(
                "'" + text + "'",
                PATIENCE,
                () -> out.toString(StandardCharsets.UTF_8).contains(text));
    }
}
