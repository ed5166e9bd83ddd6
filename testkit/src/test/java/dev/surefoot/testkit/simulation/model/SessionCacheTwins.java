package dev.surefoot.testkit.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.FetchContext;
import org.apache.kafka.server.FetchManager;
import org.apache.kafka.server.FetchSession.FetchSessionCache;
import org.apache.kafka.server.FetchSessionCacheShard;

/** One shard of Kafka's own session cache beside the model's, under one virtual clock and the same random requests. */
final class SessionCacheTwins implements Time {
    private static final int MOST_PARTITIONS = 40;
    private static final short BY_NAME = 12;

    private final long seed;
    private final SplittableRandom random;
    private final ModelCluster cluster;
    private final FetchManager kafka;
    /** The sessions that were ever opened: Kafka's id of each of the model's. */
    private final Map<Integer, Integer> kafkaIds = new TreeMap<>();

    private long nowMs = 1_000_000;

    SessionCacheTwins(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        int slots = random.nextInt(1, 5);
        this.cluster = new ModelCluster(1, SessionCache.Ids.RANDOM, slots, 1, random.split());
        cluster.create("t", MOST_PARTITIONS);
        long evictionMs = SessionCache.EVICTION_AGE_NANOS / 1_000_000;
        FetchSessionCacheShard shard = new FetchSessionCacheShard(slots, evictionMs, Integer.MAX_VALUE, 0);
        this.kafka = new FetchManager(this, new FetchSessionCache(List.of(shard)));
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            // Of two sessions that were used in the same millisecond the one with the smaller id goes, and ids differ
            // here.
            nowMs += random.nextInt(10) == 0 ? random.nextInt(60_000, 130_000) : random.nextInt(1, 20_000);
            List<BrokerSession> live = live();
            if (live.isEmpty() || random.nextInt(3) == 0) {
                open(live);
            } else {
                goOn(live.get(random.nextInt(live.size())));
            }
            for (Map.Entry<Integer, Integer> session : kafkaIds.entrySet()) {
                assertThat(isAlive(session.getKey()))
                        .as("seed %s, step %s: session of %s", seed, step, session)
                        .isEqualTo(isAliveInKafka(session.getValue()));
            }
        }
    }

    private List<BrokerSession> live() {
        return new ArrayList<>(cluster.broker(1).sessions().all());
    }

    private void open(List<BrokerSession> live) {
        int reopened = live.isEmpty() || random.nextBoolean()
                ? 0
                : live.get(random.nextInt(live.size())).id();
        int partitions = random.nextInt(1, MOST_PARTITIONS);
        if (isTaken(partitions)) {
            return;
        }
        Set<Integer> numbers = new LinkedHashSet<>();
        for (int i = 0; i < partitions; i++) {
            numbers.add(i);
        }
        int granted = askModel(reopened, FetchPlan.INITIAL_EPOCH, numbers, List.of());
        int inKafka = askKafka(kafkaIds.getOrDefault(reopened, 0), FetchPlan.INITIAL_EPOCH, numbers, List.of())
                .sessionId();
        assertThat(granted != 0)
                .as("seed %s: a session of %s is granted", seed, partitions)
                .isEqualTo(inKafka != 0);
        if (granted != 0) {
            kafkaIds.put(granted, inKafka);
        }
    }

    /** Of two sessions of one size the one with the smaller id goes, so there never are two. */
    private boolean isTaken(int size) {
        return live().stream().anyMatch(session -> session.held().size() == size);
    }

    private void goOn(BrokerSession session) {
        int size = session.held().size();
        List<Integer> forgotten = List.of();
        Set<Integer> added = Set.of();
        if (random.nextBoolean() && size > 1 && !isTaken(size - 1)) {
            forgotten = List.of(size - 1);
        } else if (random.nextBoolean() && size < MOST_PARTITIONS - 1 && !isTaken(size + 1)) {
            added = Set.of(size);
        }
        int epoch = session.epoch();
        int kafkaId = kafkaIds.get(session.id());
        assertThat(askModel(session.id(), epoch, added, forgotten)).isEqualTo(session.id());
        assertThat(askKafka(kafkaId, epoch, added, forgotten).sessionId()).isEqualTo(kafkaId);
    }

    private boolean isAlive(int session) {
        return cluster.broker(1).sessions().get(session) != null;
    }

    /** Asks with an epoch that no session is at, which changes nothing. */
    private boolean isAliveInKafka(int session) {
        Errors error = askKafka(session, Integer.MAX_VALUE, Set.of(), List.of()).error();
        return error == Errors.INVALID_FETCH_SESSION_EPOCH;
    }

    private int askModel(int session, int epoch, Set<Integer> added, List<Integer> forgotten) {
        Map<TopicIdPartition, FetchTarget> targets = new LinkedHashMap<>();
        added.forEach(number -> targets.put(partition(number), new FetchTarget(0, -1, -1, 1)));
        Kind kind = epoch == FetchPlan.INITIAL_EPOCH ? Kind.FULL : Kind.INCREMENTAL;
        List<TopicIdPartition> gone =
                forgotten.stream().map(SessionCacheTwins::partition).toList();
        FetchPlan plan = new FetchPlan(kind, session, epoch, false, targets, gone, true);
        long nowNanos = nowMs * 1_000_000;
        return cluster.broker(1)
                .fetch(plan, new FetchTerms(1, false), nowNanos)
                .answer(true, nowNanos)
                .sessionId();
    }

    private FetchResponse askKafka(int session, int epoch, Set<Integer> added, List<Integer> forgotten) {
        Map<TopicIdPartition, FetchRequest.PartitionData> targets = new LinkedHashMap<>();
        added.forEach(number -> targets.put(
                partition(number), new FetchRequest.PartitionData(Uuid.ZERO_UUID, 0, -1, 1, Optional.empty())));
        List<TopicIdPartition> gone =
                forgotten.stream().map(SessionCacheTwins::partition).toList();
        FetchContext context =
                kafka.newContext(BY_NAME, new FetchMetadata(session, epoch), false, targets, gone, Map.of());
        LinkedHashMap<TopicIdPartition, FetchResponseData.PartitionData> read = new LinkedHashMap<>();
        context.foreachPartition((partition, target) ->
                read.put(partition, new FetchResponseData.PartitionData().setPartitionIndex(partition.partition())));
        return context.updateAndGenerateResponseData(read, List.of());
    }

    private static TopicIdPartition partition(int number) {
        return new TopicIdPartition(Uuid.ZERO_UUID, new TopicPartition("t", number));
    }

    // The clock.

    @Override
    public long milliseconds() {
        return nowMs;
    }

    @Override
    public long nanoseconds() {
        return nowMs * 1_000_000;
    }

    @Override
    public void sleep(long millis) {
        throw new UnsupportedOperationException("nobody sleeps here");
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
        throw new UnsupportedOperationException("nobody waits here");
    }
}
