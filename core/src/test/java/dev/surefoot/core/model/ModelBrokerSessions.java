package dev.surefoot.core.model;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The broker's half of KIP-227 for one broker: written from the protocol, not from the client, and meant to be obvious
 * rather than fast. It is the oracle for what a client may believe that a broker holds.
 */
public final class ModelBrokerSessions {

    /** What reading one partition gives at this moment. */
    @FunctionalInterface
    public interface Log {
        PartitionAnswer read(TopicIdPartition key, FetchTarget target);
    }

    private static final class Cached {
        FetchTarget target;
        long reportedHighWatermark = -1;
        long reportedLogStart = -1;

        Cached(FetchTarget target) {
            this.target = target;
        }

        /** Whether an incremental answer has to mention the partition; notes what it then says. */
        boolean isNews(PartitionAnswer answer) {
            boolean news = answer.records().hasRemaining()
                    || answer.error() != BrokerError.NONE
                    || answer.highWatermark() != reportedHighWatermark
                    || answer.logStartOffset() != reportedLogStart
                    || answer.preferredReadReplica() >= 0
                    || answer.divergingEpoch() != null;
            reportedHighWatermark = answer.error() == BrokerError.NONE ? answer.highWatermark() : -1;
            reportedLogStart = answer.logStartOffset();
            return news;
        }
    }

    private static final class Session {
        final boolean byTopicId;
        int epoch;
        final LinkedHashMap<TopicIdPartition, Cached> partitions = new LinkedHashMap<>();

        Session(boolean byTopicId, int epoch) {
            this.byTopicId = byTopicId;
            this.epoch = epoch;
        }
    }

    private final Log log;
    private final Map<Integer, Session> sessions = new LinkedHashMap<>();
    private int lastId = 1000;
    private int slots = 1;
    private int firstEpoch = 1;
    private boolean throttleNext;

    public ModelBrokerSessions(Log log) {
        this.log = log;
    }

    public void slots(int count) {
        slots = count;
    }

    /** The epoch that sessions opened from now on expect first, to get to the end of the epochs' range soon. */
    public void firstEpoch(int epoch) {
        firstEpoch = epoch;
    }

    /** Answers the next request as to a client over its quota. */
    public void throttleNext() {
        throttleNext = true;
    }

    /** Forgets all sessions, as eviction or a restart does. */
    public void evictAll() {
        sessions.clear();
    }

    /** A fault: the session loses a partition and nobody is told. */
    public void lose(TopicIdPartition key) {
        sessions.values().forEach(session -> session.partitions.remove(key));
    }

    public int sessions() {
        return sessions.size();
    }

    /** What the session holds, or null if there is no such session. */
    public Map<TopicIdPartition, FetchTarget> held(int sessionId) {
        Session session = sessions.get(sessionId);
        if (session == null) {
            return null;
        }
        Map<TopicIdPartition, FetchTarget> held = new LinkedHashMap<>();
        session.partitions.forEach((key, cached) -> held.put(key, cached.target));
        return held;
    }

    /** The epoch that the session expects next. */
    public int epoch(int sessionId) {
        return sessions.get(sessionId).epoch;
    }

    /** Takes in a request and answers it; from here on it has happened, whether or not the answer arrives. */
    public FetchAnswer serve(FetchPlan plan) {
        boolean throttled = throttleNext;
        throttleNext = false;
        return plan.epoch() == 0 || plan.epoch() == -1 ? full(plan, throttled) : incremental(plan, throttled);
    }

    private FetchAnswer full(FetchPlan plan, boolean throttled) {
        sessions.remove(plan.sessionId());
        if (throttled) {
            return ModelAnswers.throttled(0);
        }
        Session created = new Session(plan.byTopicId(), firstEpoch);
        List<PartitionAnswer> answers = listed(plan, created);
        if (plan.epoch() == -1 || sessions.size() >= slots) {
            return ModelAnswers.answer(0, answers);
        }
        sessions.put(++lastId, created);
        return ModelAnswers.answer(lastId, answers);
    }

    private List<PartitionAnswer> listed(FetchPlan plan, Session session) {
        List<PartitionAnswer> answers = new ArrayList<>();
        plan.partitions().forEach((key, target) -> {
            PartitionAnswer answer = log.read(key, target);
            Cached cached = new Cached(target);
            cached.isNews(answer);
            session.partitions.put(key, cached);
            answers.add(answer);
        });
        return answers;
    }

    private FetchAnswer incremental(FetchPlan plan, boolean throttled) {
        Session session = sessions.get(plan.sessionId());
        if (session == null) {
            return ModelAnswers.refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.epoch != plan.epoch()) {
            return ModelAnswers.refused(BrokerError.INVALID_FETCH_SESSION_EPOCH);
        }
        if (session.byTopicId != plan.byTopicId()) {
            return ModelAnswers.refused(BrokerError.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        plan.partitions()
                .forEach((key, target) ->
                        session.partitions.computeIfAbsent(key, added -> new Cached(target)).target = target);
        plan.forgotten().forEach(session.partitions::remove);
        if (session.partitions.isEmpty()) {
            sessions.remove(plan.sessionId());
            return ModelAnswers.answer(0, listed(plan, new Session(plan.byTopicId(), firstEpoch)));
        }
        session.epoch = session.epoch == Integer.MAX_VALUE ? 1 : session.epoch + 1;
        return throttled
                ? ModelAnswers.throttled(plan.sessionId())
                : ModelAnswers.answer(plan.sessionId(), news(session));
    }

    private List<PartitionAnswer> news(Session session) {
        List<PartitionAnswer> answers = new ArrayList<>();
        for (TopicIdPartition key : List.copyOf(session.partitions.keySet())) {
            Cached cached = session.partitions.get(key);
            PartitionAnswer answer = log.read(key, cached.target);
            if (cached.isNews(answer)) {
                answers.add(answer);
            }
            if (answer.records().hasRemaining()) {
                session.partitions.remove(key);
                session.partitions.put(key, cached);
            }
        }
        return answers;
    }
}
