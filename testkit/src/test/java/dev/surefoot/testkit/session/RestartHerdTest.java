package dev.surefoot.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConfig;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.check.SequencedTopic;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Two hundred consumers of a broker that goes away and comes back: they return without a storm, and the guard, which
 * takes what happens for a stall after a second, adds nothing to it.
 */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartHerdTest {
    private static final int CONSUMERS = Integer.getInteger("surefoot.herd.consumers", 200);
    private static final int PARTITIONS = 20;
    private static final int RECORDS = 10;
    private static final int CALM_SECONDS = 10;
    private static final int AWAY_SECONDS = 10;
    private static final int BACK_SECONDS = 30;

    /** An idle consumer fetches at most so often in a second. */
    private static final int IDLE_REQUESTS = 2;

    /**
     * What a consumer may send in addition when its broker is back: the versions of both of its connections, metadata
     * again and again until the broker leads its partitions, the validation of its positions and a full fetch.
     */
    private static final long REQUESTS_TO_RETURN = 20;

    private final KafkaCluster cluster = KafkaCluster.withBrokers(1);
    private final List<SurefootConsumer<byte[], byte[]>> consumers = new ArrayList<>();
    private final Map<RecoveryStep.Action, AtomicLong> steps = new ConcurrentHashMap<>();

    @AfterAll
    void stop() {
        consumers.forEach(SurefootConsumer::close);
        cluster.close();
    }

    private SurefootConsumer<byte[], byte[]> consumer(Set<TopicPartition> partitions) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put(SurefootConfig.STALL_PATIENCE_MS_CONFIG, 1_000);
        config.put(SurefootConfig.BUFFER_BYTES_CONFIG, 1 << 20);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1_000 / IDLE_REQUESTS);
        SurefootConsumer<byte[], byte[]> consumer =
                new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.addProgressListener(new ProgressListener() {
            @Override
            public void recovering(RecoveryStep step) {
                steps.computeIfAbsent(step.action(), each -> new AtomicLong()).incrementAndGet();
            }
        });
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private long total(String metric) {
        return consumers.stream()
                .flatMap(consumer -> consumer.metrics().values().stream())
                .filter(each -> each.metricName().name().equals(metric)
                        && each.metricName().group().equals("consumer-metrics"))
                .mapToLong(each -> ((Double) each.metricValue()).longValue())
                .sum();
    }

    private long sum(ToLongFunction<SurefootConsumer<byte[], byte[]>> figure) {
        return consumers.stream().mapToLong(figure).sum();
    }

    private long stepsTaken() {
        return steps.entrySet().stream()
                .filter(each -> each.getKey() != RecoveryStep.Action.VERIFY)
                .mapToLong(each -> each.getValue().get())
                .sum();
    }

    /** What all consumers did in a second. */
    private record Second(long requests, long connects, double seconds) {}

    /** Polls all consumers in turn for so long, and counts second by second. */
    private List<Second> poll(String what, int forSeconds) {
        List<Second> counted = new ArrayList<>();
        long begunNanos = System.nanoTime();
        long markNanos = begunNanos;
        long requests = total("request-total");
        long connects = total("connection-creation-total");
        while (counted.size() < forSeconds) {
            consumers.forEach(consumer -> consumer.poll(Duration.ZERO));
            long nowNanos = System.nanoTime();
            if (nowNanos - markNanos >= 1_000_000_000L) {
                long requestsNow = total("request-total");
                long connectsNow = total("connection-creation-total");
                counted.add(new Second(requestsNow - requests, connectsNow - connects, (nowNanos - markNanos) / 1e9));
                markNanos = nowNanos;
                requests = requestsNow;
                connects = connectsNow;
            }
        }
        System.out.printf(
                "%s: requests a second %s, connects a second %s, steps %s%n",
                what,
                counted.stream()
                        .map(each -> Math.round(each.requests() / each.seconds()))
                        .toList(),
                counted.stream()
                        .map(each -> Math.round(each.connects() / each.seconds()))
                        .toList(),
                steps);
        return counted;
    }

    private static double seconds(List<Second> counted) {
        return counted.stream().mapToDouble(Second::seconds).sum();
    }

    private static long requests(List<Second> counted) {
        return counted.stream().mapToLong(Second::requests).sum();
    }

    @Test
    @Timeout(600)
    void consumersReturnToABrokerThatWasAwayWithoutAStorm() {
        Set<TopicPartition> partitions = SequencedTopic.create(cluster, "t", PARTITIONS, RECORDS, 100);
        for (int i = 0; i < CONSUMERS; i++) {
            consumers.add(consumer(partitions));
        }
        Await.until("all are read", Duration.ofMinutes(2), () -> {
            consumers.forEach(consumer -> consumer.poll(Duration.ZERO));
            return consumers.stream()
                    .allMatch(consumer ->
                            partitions.stream().allMatch(partition -> consumer.position(partition) == RECORDS));
        });
        List<Second> calm = poll("calm", CALM_SECONDS);
        long stepsBefore = stepsTaken();
        long fullBefore = sum(consumer -> consumer.fetchReport().fullFetches());

        cluster.stop(0);
        List<Second> away = poll("away", AWAY_SECONDS);
        long connectsBefore = total("connection-creation-total");
        cluster.start(0);
        List<Second> back = poll("back", BACK_SECONDS);

        long full = sum(consumer -> consumer.fetchReport().fullFetches()) - fullBefore;
        System.out.printf("full fetches after the restart %d, steps %s%n", full, steps);
        double idle = CONSUMERS * IDLE_REQUESTS;
        assertThat(requests(calm) / seconds(calm))
                .as("requests a second while calm")
                .isLessThan(1.1 * idle);
        assertThat(requests(away)).as("requests while there is no broker").isLessThan(CONSUMERS * REQUESTS_TO_RETURN);
        assertThat(total("connection-creation-total") - connectsBefore)
                .as("two connections each, of which one may be lost again")
                .isBetween(2L * CONSUMERS, 3L * CONSUMERS);
        assertThat(requests(back))
                .as("requests in the %d s after", BACK_SECONDS)
                .isLessThan((long) (idle * seconds(back)) + CONSUMERS * REQUESTS_TO_RETURN);
        assertThat(full).as("full fetches").isBetween((long) CONSUMERS, 2L * CONSUMERS);
        assertThat(stepsTaken() - stepsBefore)
                .as("steps, fewer than one for each consumer: %s", steps)
                .isLessThan(CONSUMERS);
        assertThat(steps.getOrDefault(RecoveryStep.Action.VERIFY, new AtomicLong())
                        .get())
                .as("questions of the guard for the ends of logs")
                .isLessThanOrEqualTo((long) CONSUMERS * (CALM_SECONDS + AWAY_SECONDS + BACK_SECONDS) / 5);
        assertThat(consumers)
                .allSatisfy(consumer ->
                        assertThat(consumer.progress().summary().stalled()).isZero());
    }
}
