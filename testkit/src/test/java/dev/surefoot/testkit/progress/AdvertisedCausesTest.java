package dev.surefoot.testkit.progress;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The causes that lie in what brokers advertise: names that are not known, no listener, versions that are too old. */
@Tag("soak")
@Timeout(300)
class AdvertisedCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of addresses; surefoot.stall.patience.ms=1500");

    /** A part of a name has at most 63 letters, so that no name service is asked for this one. */
    private static final String NO_NAME = "x".repeat(64) + ".invalid";

    @AfterAll
    static void print() {
        TABLE.print();
    }

    private static Watched reader(KafkaCluster cluster, TopicPartition partition) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        return Watched.open(config, consumer -> consumer.assign(List.of(partition)));
    }

    @Test
    void theAdvertisedNameIsNotKnown() {
        try (KafkaCluster cluster = KafkaCluster.builder()
                .advertise(0, own -> own.replace("CLIENT://127.0.0.1", "CLIENT://" + NO_NAME))
                .start()) {
            cluster.createTopic("t", 1, 1);
            TopicPartition partition = new TopicPartition("t", 0);
            try (Watched watched = reader(cluster, partition)) {
                watched.within(2).record(TABLE, partition, StallCause.NAME_UNRESOLVED, "an advertised name of no host");
            }
        }
    }

    @Test
    void theLeaderDoesNotAdvertiseTheListener() {
        try (KafkaCluster cluster = KafkaCluster.builder()
                .brokers(2)
                .advertise(1, own -> own.replaceFirst(",CLIENT://[^,]*", ""))
                .start()) {
            cluster.createTopic("t", 2, 1);
            TopicPartition partition = IntStream.range(0, 2)
                    .mapToObj(index -> new TopicPartition("t", index))
                    .filter(each -> cluster.leaderOf(each).orElseThrow() == 1)
                    .findFirst()
                    .orElseThrow();
            try (Watched watched = reader(cluster, partition)) {
                watched.within(2)
                        .record(TABLE, partition, StallCause.LISTENER_MISSING, "a leader without this listener");
            }
        }
    }

    /** The broker is in truth a new one; it is the proxy before it that names versions of long ago. */
    @Test
    void theBrokerIsTooOld() throws Exception {
        AtomicReference<OldVersions> proxy = new AtomicReference<>();
        try (KafkaCluster cluster = KafkaCluster.builder()
                .advertise(0, own -> OldVersions.before(own, proxy))
                .start()) {
            cluster.createTopic("t", 1, 1);
            TopicPartition partition = new TopicPartition("t", 0);
            try (Watched watched = reader(cluster, partition)) {
                watched.within(2)
                        .record(
                                TABLE,
                                partition,
                                StallCause.VERSION_UNSUPPORTED,
                                "a broker with Fetch of versions 0..3");
            }
        } finally {
            proxy.get().close();
        }
    }
}
