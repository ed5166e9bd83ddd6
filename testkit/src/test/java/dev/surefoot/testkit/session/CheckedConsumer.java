package dev.surefoot.testkit.session;

import dev.surefoot.FetchReport;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.check.PositionChecker;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;

/** A consumer whose deliveries are checked against its positions. Used by one thread, save for what says otherwise. */
final class CheckedConsumer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final SurefootConsumer<byte[], byte[]> consumer;
    final PositionChecker checker = new PositionChecker();
    private final Metric bufferedBytes;

    private CheckedConsumer(SurefootConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        this.bufferedBytes = consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("buffered-bytes"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** A consumer of this cluster that recovers fast, with more options over that. */
    static CheckedConsumer of(KafkaCluster cluster, Map<String, Object> more) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, 20);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        config.putAll(more);
        return new CheckedConsumer(new SurefootConsumer<>(config));
    }

    void assign(Set<TopicPartition> partitions) {
        consumer.assign(partitions);
        checker.assigned(partitions);
    }

    void seek(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        checker.sought(partition, offset);
    }

    /** Polls once and checks what came. */
    void poll() {
        checker.delivered(consumer.poll(Duration.ofMillis(20)));
    }

    /** Polls until the condition holds, and fails with all there is to know if it does not come to hold. */
    void pollUntil(String what, Await.Condition condition) {
        try {
            Await.until(what, PATIENCE, () -> {
                poll();
                return condition.holds();
            });
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + "; " + checker + ", " + report(), e);
        }
    }

    /** Polls until every assigned partition was read up to this offset. */
    void readTo(long offset) {
        pollUntil("all read up to offset " + offset, () -> checker.allAt(offset));
    }

    /** What fetching has done so far. Safe from any thread. */
    FetchReport report() {
        return consumer.fetchReport();
    }

    /** Fetches answered so far. Safe from any thread. */
    long fetches() {
        FetchReport report = report();
        return report.fullFetches() + report.incrementalFetches();
    }

    /** Bytes of fetched data that are held. Safe from any thread, and after the close as well. */
    long bufferedBytes() {
        return ((Number) bufferedBytes.metricValue()).longValue();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
