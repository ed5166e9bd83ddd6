package dev.surefoot.testkit.security;

import dev.surefoot.fixtures.Certificate;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.progress.CauseTable;
import dev.surefoot.testkit.progress.Watched;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The causes that lie in a consumer's credentials and in TLS, each brought about at a real broker, and each named. */
@Tag("soak")
@Timeout(180)
class SecurityCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of security; surefoot.stall.patience.ms=1500");
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    private static Path folder;

    private static Certificate certificate;

    @BeforeAll
    static void makeACertificate() throws Exception {
        certificate = Certificate.ofThisHost(folder);
    }

    @AfterAll
    static void print() {
        TABLE.print();
    }

    private static Watched reader(Map<String, Object> config) {
        config.put("surefoot.stall.patience.ms", 1_500);
        return Watched.open(config, consumer -> consumer.assign(List.of(PARTITION)));
    }

    @Test
    void thePasswordIsWrong() {
        try (KafkaCluster cluster =
                SecuredBroker.with("SASL_PLAINTEXT", certificate).start()) {
            Map<String, Object> config = SecuredBroker.client(cluster, "SASL_PLAINTEXT", certificate);
            config.put("sasl.jaas.config", ((String) config.get("sasl.jaas.config")).replace("\"p\"", "\"wrong\""));
            try (Watched watched = reader(config)) {
                watched.record(TABLE, PARTITION, StallCause.AUTHENTICATION_FAILING, "a wrong password");
            }
        }
    }

    @Test
    void theCertificateIsNotTrusted() throws Exception {
        Certificate other = Certificate.in(folder, "other", "-ext", "SAN=ip:127.0.0.1");
        try (KafkaCluster cluster = SecuredBroker.with("SSL", certificate).start()) {
            try (Watched watched = reader(SecuredBroker.client(cluster, "SSL", other))) {
                watched.record(TABLE, PARTITION, StallCause.TLS_FAILING, "a certificate that is not trusted");
            }
            try (Watched watched = reader(SecuredBroker.client(cluster, "PLAINTEXT", certificate))) {
                watched.record(TABLE, PARTITION, StallCause.TLS_FAILING, "no TLS at a listener with TLS");
            }
        }
    }
}
