package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.testkit.Await;
import dev.surefoot.wire.FetchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A real broker and the model of one, whose logs are changed alike. Ids are drawn by either side;
 * here is which are the same.
 */
final class Twins {
    private static final int MODEL_BROKER = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What a partition answers with that is ready to be read, whatever its log holds. */
    private static final Set<BrokerError> SERVED = Set.of(BrokerError.NONE, BrokerError.OFFSET_OUT_OF_RANGE);

    private final RealBroker real;
    private final ModelCluster model;
    private final Map<Uuid, Uuid> modelTopicIds = new HashMap<>();
    private final Map<Uuid, Uuid> realTopicIds = new HashMap<>();
    private final Map<Integer, Integer> modelSessions = new HashMap<>();
    private final Map<Integer, Integer> realSessions = new HashMap<>();
    private final Map<String, Integer> sequences = new HashMap<>();

    Twins(RealBroker real, SplittableRandom random) {
        this.real = real;
        this.model = new ModelCluster(1, SessionCache.Ids.RANDOM, 1000, 1, random);
    }

    RealBroker real() {
        return real;
    }

    ModelCluster model() {
        return model;
    }

    ModelBroker broker() {
        return model.broker(MODEL_BROKER);
    }

    ModelPartition partition(TopicPartition name) {
        ModelPartition partition = model.partition(name);
        if (partition == null) {
            throw new IllegalArgumentException("no partition " + name);
        }
        return partition;
    }

    // Changes to both.

    void create(String topic, int partitions) {
        ModelTopic created = model.create(topic, partitions);
        real.create(topic, partitions);
        Uuid id = real.idOf(topic);
        modelTopicIds.put(id, created.id());
        realTopicIds.put(created.id(), id);
    }

    /** Deletes in the model; what is returned does the same at the real broker. */
    Runnable deleteFromModel(String topic) {
        model.delete(topic);
        return () -> real.delete(topic);
    }

    void addPartition(ModelTopic topic) {
        model.addPartitions(topic.name(), 1);
        int total = topic.partitions().size();
        real.addPartitions(topic.name(), total);
        TopicPartition added = new TopicPartition(topic.name(), total - 1);
        Await.until(added + " served", PATIENCE, () -> SERVED.contains(realError(added, -1)));
    }

    private BrokerError realError(TopicPartition partition, int leaderEpoch) {
        Map<TopicIdPartition, FetchTarget> targets =
                Map.of(new TopicIdPartition(Uuid.ZERO_UUID, partition), new FetchTarget(0, leaderEpoch, -1, 1));
        FetchPlan plan = new FetchPlan(Kind.SESSIONLESS, 0, -1, false, targets, List.of(), true);
        real.fetches().sendFetch(plan, 1, new FetchSettings(0, 0, false, ""), (short) 12);
        return real.fetches().receiveFetch((short) 12).partitions().get(0).error();
    }

    /** Appends in the model; what is returned does the same at the real broker. */
    Runnable appendToModel(TopicPartition name, int records, int payloadBytes, long producerId) {
        ModelPartition partition = partition(name);
        LogBatch batch = partition
                .log()
                .append(records, payloadBytes, partition.leaderEpoch(), producerId, model.nextWriteIds(records));
        String producer = producerId + " in " + partition.topicId() + "-" + name.partition();
        int sequence = sequences.getOrDefault(producer, 0);
        sequences.put(producer, sequence + records);
        return () -> {
            long offset = real.append(name, batch, sequence);
            if (offset != batch.baseOffset()) {
                throw new AssertionError(
                        "appended to " + name + " at " + offset + ", in the model at " + batch.baseOffset());
            }
        };
    }

    void endTransaction(TopicPartition name, long producerId, boolean commit) {
        ModelPartition partition = partition(name);
        partition.log().endTransaction(producerId, commit, partition.leaderEpoch());
        real.endTransaction(name, producerId, commit);
    }

    void deleteBefore(TopicPartition name, long offset) {
        partition(name).log().deleteBefore(offset);
        real.deleteBefore(name, offset);
    }

    /** Restarts both. Each partition gets a new epoch when its leader goes and another one when it is back. */
    void restart() {
        real.restart();
        model.crash(MODEL_BROKER);
        model.restart(MODEL_BROKER);
        for (ModelTopic topic : model.topics()) {
            for (ModelPartition partition : topic.partitions()) {
                TopicPartition name = partition.name();
                Await.until(
                        name + " served under epoch " + partition.leaderEpoch(),
                        PATIENCE,
                        () -> SERVED.contains(realError(name, partition.leaderEpoch())));
            }
        }
    }

    // Names.

    Uuid modelTopicId(Uuid real) {
        return modelTopicIds.getOrDefault(real, real);
    }

    /** The same plan in the real broker's ids. */
    FetchPlan forReal(FetchPlan plan) {
        Map<TopicIdPartition, FetchTarget> targets = new LinkedHashMap<>();
        plan.partitions().forEach((key, target) -> targets.put(forReal(key), target));
        List<TopicIdPartition> forgotten = new ArrayList<>();
        plan.forgotten().forEach(key -> forgotten.add(forReal(key)));
        int session = realSessions.getOrDefault(plan.sessionId(), plan.sessionId());
        return new FetchPlan(
                plan.kind(), session, plan.epoch(), plan.byTopicId(), targets, forgotten, plan.immediate());
    }

    private TopicIdPartition forReal(TopicIdPartition key) {
        return new TopicIdPartition(realTopicIds.getOrDefault(key.topicId(), key.topicId()), key.topicPartition());
    }

    /** Notes which sessions are the same, once both sides have opened one for the same request. */
    void opened(FetchAnswer modelAnswer, FetchAnswer realAnswer) {
        if (modelAnswer.sessionId() > 0 && realAnswer.sessionId() > 0) {
            modelSessions.put(realAnswer.sessionId(), modelAnswer.sessionId());
            realSessions.put(modelAnswer.sessionId(), realAnswer.sessionId());
        }
    }

    String text(FetchAnswer modelAnswer) {
        return AnswerText.of(modelAnswer, session(modelAnswer.sessionId()), id -> id, MODEL_BROKER);
    }

    String textOfReal(FetchAnswer answer) {
        int session = modelSessions.getOrDefault(answer.sessionId(), answer.sessionId());
        return AnswerText.of(answer, session(session), this::modelTopicId, 0);
    }

    private static String session(int id) {
        return id == 0 ? "no session" : "session " + id;
    }
}
