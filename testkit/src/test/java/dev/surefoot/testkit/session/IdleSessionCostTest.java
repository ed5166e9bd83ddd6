package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConfig;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an idle consumer of many partitions costs on the wire, in bytes that a gate counted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdleSessionCostTest {
    private static final int PARTITIONS = 1_000;

    private final KafkaCluster cluster = KafkaCluster.builder().gated().start();
    private Set<TopicPartition> partitions = Set.of();
    private double fullBytesPerFetch;

    @BeforeAll
    void measureFullFetches() {
        partitions = SequencedTopic.create(cluster, "t", PARTITIONS, 1, 100);
        fullBytesPerFetch = bytesPerFetch(50, Map.of(SurefootConfig.ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG, false));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void anIdleSessionCostsAtMostTwoPercentOfFullFetches() {
        assertThat(percentOfFull(200, Map.of())).isLessThan(2.0);
    }

    /**
     * By default every idle partition is audited once in 60 s, which is 120 idle fetches of 500 ms. Here fetches wait 10 ms and
     * the audit comes every second, so there are 100 fetches or fewer to each audit: a little more audit than by default.
     */
    @Test
    void anIdleSessionCostsAtMostTwoPercentOfFullFetchesWithItsAudit() {
        assertThat(percentOfFull(500, Map.of(SurefootConfig.SESSION_AUDIT_INTERVAL_MS_CONFIG, 1_000)))
                .isLessThan(2.0);
    }

    private double percentOfFull(int fetches, Map<String, Object> config) {
        double bytes = bytesPerFetch(fetches, config);
        double percent = 100 * bytes / fullBytesPerFetch;
        System.out.printf(
                "an idle fetch of %d partitions: %.1f bytes with a session %s, %.1f in full: %.2f %%%n",
                PARTITIONS, bytes, config, fullBytesPerFetch, percent);
        return percent;
    }

    /** Bytes both ways for each fetch of a consumer that has read everything. */
    private double bytesPerFetch(int fetches, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        try (CheckedConsumer reader = CheckedConsumer.of(cluster, config)) {
            reader.assign(partitions);
            reader.readTo(1);
            long settled = reader.fetches() + 5;
            reader.pollUntil("quiet", () -> reader.fetches() >= settled);

            long before = throughGate();
            long first = reader.fetches();
            reader.pollUntil(fetches + " idle fetches", () -> reader.fetches() >= first + fetches);
            long last = reader.fetches();
            long bytes = throughGate() - before;

            assertThat(reader.report().refusedFetches() + reader.report().divergedFetches())
                    .isZero();
            return (double) bytes / (last - first);
        }
    }

    private long throughGate() {
        return cluster.gate(0).bytesToBroker() + cluster.gate(0).bytesToClient();
    }
}
