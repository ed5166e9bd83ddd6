package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Draws fetches, most of them sensible, some of them what no good client sends. */
final class RandomFetches {
    private static final int PLENTY = 1 << 20;

    private final SplittableRandom random;
    private final ModelCluster cluster;
    private final ModelBroker broker;
    private final List<ModelTopic> everyTopic = new ArrayList<>();
    private final List<Integer> everySession = new ArrayList<>();

    RandomFetches(SplittableRandom random, Twins twins) {
        this.random = random;
        this.cluster = twins.model();
        this.broker = twins.broker();
    }

    /** Tells of a topic, which is asked for even when it is deleted. */
    void created(ModelTopic topic) {
        everyTopic.add(topic);
    }

    /** Tells of a session, which is asked for even when it has ended. */
    void opened(int session) {
        everySession.add(session);
    }

    FetchTerms terms() {
        int maxBytes = chance(55) ? PLENTY : chance(3) ? 0 : random.nextInt(1, 1500);
        return new FetchTerms(maxBytes, chance(40));
    }

    FetchPlan plan() {
        List<BrokerSession> live = List.copyOf(broker.sessions().all());
        if (live.isEmpty() ? chance(10) : chance(70)) {
            return incremental(live);
        }
        int draw = random.nextInt(100);
        boolean byId = chance(60);
        if (draw < 60) {
            return plan(chance(70) ? 0 : anySession(), FetchPlan.INITIAL_EPOCH, byId, targets(0, 6, byId), List.of());
        }
        if (draw < 80) {
            return plan(0, FetchPlan.FINAL_EPOCH, byId, targets(0, 5, byId), List.of());
        }
        if (draw < 92) {
            return plan(anySession(), FetchPlan.FINAL_EPOCH, byId, targets(0, chance(70) ? 0 : 3, byId), List.of());
        }
        int epoch = chance(30) ? -2 : random.nextInt(1, 5);
        return plan(anySession(), epoch, byId, targets(0, 3, byId), List.of());
    }

    /** A plan that continues a session in order, and that leaves it with something in it most of the time. */
    FetchPlan inOrder(BrokerSession session) {
        return continuing(session, session.epoch(), session.byTopicId());
    }

    /** The same plan, of a client that waits for something to read. */
    static FetchPlan patient(FetchPlan plan) {
        return new FetchPlan(
                plan.kind(),
                plan.sessionId(),
                plan.epoch(),
                plan.byTopicId(),
                plan.partitions(),
                plan.forgotten(),
                false);
    }

    /** A plan that ends a session. */
    static FetchPlan closing(BrokerSession session) {
        return new FetchPlan(
                Kind.CLOSE, session.id(), FetchPlan.FINAL_EPOCH, session.byTopicId(), Map.of(), List.of(), true);
    }

    /** A plan that goes on with, or ends, a session of which another request is still waiting. */
    FetchPlan overtaking(BrokerSession session) {
        if (chance(60)) {
            return inOrder(session);
        }
        boolean byId = session.byTopicId();
        int epoch = chance(50) ? FetchPlan.INITIAL_EPOCH : FetchPlan.FINAL_EPOCH;
        return plan(session.id(), epoch, byId, targets(0, 2, byId), List.of());
    }

    private FetchPlan incremental(List<BrokerSession> live) {
        if (live.isEmpty()) {
            return plan(anySession(), 1, true, targets(0, 2, true), List.of());
        }
        BrokerSession session = live.get(random.nextInt(live.size()));
        boolean byId = chance(4) != session.byTopicId();
        return continuing(session, chance(90) ? session.epoch() : wrongEpoch(session.epoch()), byId);
    }

    private int wrongEpoch(int right) {
        return switch (random.nextInt(4)) {
            case 0 -> right - 1;
            case 1 -> right + 1;
            case 2 -> Integer.MAX_VALUE;
            default -> random.nextInt(-3, 6);
        };
    }

    private FetchPlan continuing(BrokerSession session, int epoch, boolean byId) {
        List<TopicIdPartition> held = List.copyOf(session.held().keySet());
        Map<TopicIdPartition, FetchTarget> targets = new LinkedHashMap<>();
        int updates = random.nextInt(4);
        for (int i = 0; i < updates; i++) {
            TopicIdPartition key = byId == session.byTopicId() && chance(75) && !held.isEmpty()
                    ? held.get(random.nextInt(held.size()))
                    : key(byId);
            targets.put(key, target(key));
        }
        Set<TopicIdPartition> forgotten = new LinkedHashSet<>();
        if (chance(5)) {
            forgotten.addAll(held);
        } else if (chance(25)) {
            int count = random.nextInt(1, 3);
            for (int i = 0; i < count; i++) {
                forgotten.add(chance(70) && !held.isEmpty() ? held.get(random.nextInt(held.size())) : key(byId));
            }
            if (chance(30)) {
                forgotten.addAll(targets.keySet());
            }
        }
        // In the other naming mode a key of this session cannot be written.
        forgotten.removeIf(key -> byId == key.topicId().equals(Uuid.ZERO_UUID));
        return plan(session.id(), epoch, byId, targets, List.copyOf(forgotten));
    }

    private FetchPlan plan(
            int session,
            int epoch,
            boolean byId,
            Map<TopicIdPartition, FetchTarget> targets,
            List<TopicIdPartition> forgotten) {
        Kind kind = epoch == FetchPlan.INITIAL_EPOCH
                ? Kind.FULL
                : epoch != FetchPlan.FINAL_EPOCH ? Kind.INCREMENTAL : session == 0 ? Kind.SESSIONLESS : Kind.CLOSE;
        return new FetchPlan(kind, session, epoch, byId, targets, forgotten, chance(50));
    }

    private int anySession() {
        return everySession.isEmpty() || chance(15)
                ? random.nextInt(1, 1000)
                : everySession.get(random.nextInt(everySession.size()));
    }

    private Map<TopicIdPartition, FetchTarget> targets(int from, int to, boolean byId) {
        Map<TopicIdPartition, FetchTarget> targets = new LinkedHashMap<>();
        int count = random.nextInt(from, to + 1);
        for (int i = 0; i < count; i++) {
            TopicIdPartition key = key(byId);
            targets.put(key, target(key));
        }
        return targets;
    }

    private TopicIdPartition key(boolean byId) {
        if (chance(3)) {
            int number = random.nextInt(1, 3);
            return new TopicIdPartition(
                    byId ? new Uuid(77, number) : Uuid.ZERO_UUID, new TopicPartition("nowhere-" + number, 0));
        }
        boolean any = cluster.topics().isEmpty() || chance(6);
        List<ModelTopic> topics = any ? everyTopic : List.copyOf(cluster.topics());
        ModelTopic topic = topics.get(random.nextInt(topics.size()));
        int partitions = topic.partitions().size();
        int number = chance(4) ? partitions + random.nextInt(2) : random.nextInt(partitions);
        return new TopicIdPartition(byId ? topic.id() : Uuid.ZERO_UUID, new TopicPartition(topic.name(), number));
    }

    private FetchTarget target(TopicIdPartition key) {
        int maxBytes = chance(60) ? PLENTY : chance(5) ? 0 : random.nextInt(1, 600);
        ModelPartition partition = cluster.partition(key.topicPartition());
        if (partition == null) {
            return new FetchTarget(random.nextInt(5), -1, -1, maxBytes);
        }
        PartitionLog log = partition.log();
        long offset = Math.max(0, offset(log));
        return new FetchTarget(offset, epochOfClient(partition), lastFetchedEpoch(partition, offset), maxBytes);
    }

    private long offset(PartitionLog log) {
        int draw = random.nextInt(100);
        if (draw < 50) {
            return random.nextLong(log.startOffset(), log.endOffset() + 1);
        }
        if (draw < 70) {
            return log.endOffset();
        }
        if (draw < 80) {
            return log.startOffset();
        }
        if (draw < 90) {
            return log.lastStableOffset() + random.nextInt(-1, 2);
        }
        return draw < 95 ? log.endOffset() + random.nextInt(1, 3) : log.startOffset() - random.nextInt(1, 3);
    }

    private int epochOfClient(ModelPartition partition) {
        int draw = random.nextInt(100);
        int offBy = draw < 85 ? 0 : draw < 92 ? -1 : 1;
        return draw < 55 ? -1 : Math.max(-1, partition.leaderEpoch() + offBy);
    }

    private int lastFetchedEpoch(ModelPartition partition, long offset) {
        int draw = random.nextInt(100);
        if (draw < 65) {
            return -1;
        }
        if (draw < 85) {
            return partition.log().epochAt(offset - 1);
        }
        return random.nextInt(-1, partition.leaderEpoch() + 2);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
