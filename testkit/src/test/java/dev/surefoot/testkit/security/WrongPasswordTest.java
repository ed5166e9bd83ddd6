package dev.surefoot.testkit.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.fixtures.Certificate;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that refuses the password answers every question with that, until the password is right. */
@Timeout(120)
class WrongPasswordTest {
    private static final int QUESTIONS = 51;

    @TempDir
    private static Path folder;

    private static Certificate certificate;
    private static KafkaCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        certificate = Certificate.ofThisHost(folder);
        cluster = SecuredBroker.with("SASL_PLAINTEXT", certificate)
                .brokerConfig("connection.failed.authentication.delay.ms", "300")
                .start();
        cluster.createTopic("t", 1, 1);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Consumer<byte[], byte[]> consumer(String password) {
        Map<String, Object> client = SecuredBroker.client(cluster, "SASL_PLAINTEXT", certificate);
        client.put("reconnect.backoff.max.ms", 1_000);
        return new SurefootConsumer<>(SecuredBroker.scram(client, password));
    }

    private static void setPassword(String password) throws InterruptedException, ExecutionException {
        cluster.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "u",
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                        password.getBytes(StandardCharsets.UTF_8))))
                .all()
                .get();
    }

    @Test
    void everyQuestionEndsWithTheRefusalAndThePasswordMayBeCorrected() throws Exception {
        setPassword("right");
        try (Consumer<byte[], byte[]> consumer = consumer("wrong")) {
            List<KafkaException> ends = new ArrayList<>();
            TopicPartition partition = new TopicPartition("t", 0);
            Duration patience = Duration.ofSeconds(2);
            consumer.assign(List.of(partition));
            List<Runnable> questions = List.of(
                    () -> consumer.partitionsFor("t", patience),
                    () -> consumer.listTopics(patience),
                    () -> consumer.endOffsets(List.of(partition), patience),
                    () -> consumer.offsetsForTimes(Map.of(partition, 0L), patience),
                    () -> consumer.position(partition, patience));
            for (int i = 0; i < QUESTIONS; i++) {
                try {
                    questions.get(i % questions.size()).run();
                } catch (KafkaException e) {
                    ends.add(e);
                }
            }
            assertThat(ends).hasSize(QUESTIONS).allMatch(SaslAuthenticationException.class::isInstance);

            setPassword("wrong");
            Await.until("an answer", Duration.ofSeconds(20), () -> {
                try {
                    return consumer.partitionsFor("t", Duration.ofSeconds(2)).size() == 1;
                } catch (SaslAuthenticationException e) {
                    return false;
                }
            });
        }
    }
}
