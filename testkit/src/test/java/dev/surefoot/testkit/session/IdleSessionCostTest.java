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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an idle consumer of many partitions costs on the wire, in bytes that a gate counted. */
@Tag("thorough")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdleSessionCostTest {
    private static final int PARTITIONS = 1_000;

    private final KafkaCluster cluster = KafkaCluster.builder().gated().start();
    private Set<TopicPartition> partitions = Set.of();
    private double full;
    private double bare;

    @BeforeAll
    void measureWithoutAnAudit() {
        partitions = SequencedTopic.create(cluster, "t", PARTITIONS, 1, 100);
        full = cost(50, Map.of(SurefootConfig.ENABLE_INCREMENTAL_FETCH_SESSIONS_CONFIG, false))
                .bytesPerFetch();
        bare = cost(200, Map.of()).bytesPerFetch();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void anIdleSessionCostsAtMostTwoPercentOfFullFetches() {
        assertThat(percentOfFull("between audits", bare)).isLessThanOrEqualTo(2);
    }

    /** By default every idle partition is audited once in 60 s, during which there are 120 idle fetches of 500 ms. */
    @Test
    void anIdleSessionCostsAtMostTwoPercentOfFullFetchesWithItsAuditIncluded() {
        double fetchesToAnAudit = SurefootConfig.DEFAULT_SESSION_AUDIT_INTERVAL_MS / 500.0;
        double secondsToAnAudit = 1;

        Cost audited = cost(250, Map.of(SurefootConfig.SESSION_AUDIT_INTERVAL_MS_CONFIG, 1_000));
        double audits = audited.seconds() / secondsToAnAudit;
        double bytesPerAudit = (audited.bytes() - audited.fetches() * bare) / audits;

        assertThat(bytesPerAudit).isGreaterThan(PARTITIONS);
        assertThat(percentOfFull("audits included", bare + bytesPerAudit / fetchesToAnAudit))
                .isLessThanOrEqualTo(2);
    }

    /** A guard that looks every second and is impatient sends nothing of its own. */
    @Test
    void aGuardThatFindsNothingWrongAddsNothing() {
        Map<String, Object> impatient = Map.of(SurefootConfig.STALL_PATIENCE_MS_CONFIG, 1_000);

        double guarded = cost(400, impatient).bytesPerFetch();

        assertThat(percentOfFull("with an impatient guard", guarded)).isLessThanOrEqualTo(2);
        assertThat(guarded).isLessThanOrEqualTo(1.02 * bare);
    }

    private double percentOfFull(String what, double bytesPerFetch) {
        double percent = 100 * bytesPerFetch / full;
        System.out.printf(
                "an idle fetch of %d partitions, %s: %.1f bytes of %.1f in full, %.2f %%%n",
                PARTITIONS, what, bytesPerFetch, full, percent);
        return percent;
    }

    /** Bytes both ways of a consumer that has read everything. */
    private record Cost(long bytes, long fetches, double seconds) {
        double bytesPerFetch() {
            return (double) bytes / fetches;
        }
    }

    private Cost cost(int fetches, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        try (CheckedConsumer reader = CheckedConsumer.of(cluster, config)) {
            reader.assign(partitions);
            reader.readTo(1);
            long settled = reader.fetches() + 5;
            reader.pollUntil("quiet", () -> reader.fetches() >= settled);

            long start = System.nanoTime();
            long before = throughGate();
            long first = reader.fetches();
            reader.pollUntil(fetches + " idle fetches", () -> reader.fetches() >= first + fetches);
            long last = reader.fetches();
            long bytes = throughGate() - before;
            double seconds = (System.nanoTime() - start) / 1e9;

            assertThat(reader.report().refusedFetches() + reader.report().mismatchedFetches())
                    .isZero();
            return new Cost(bytes, last - first, seconds);
        }
    }

    private long throughGate() {
        return cluster.gate(0).bytesToBroker() + cluster.gate(0).bytesToClient();
    }
}
