package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.PartitionAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fetch that its broker has accepted. The session has advanced already, even if the answer is lost; records are read
 * when it is answered.
 */
public final class FetchUnderWay {
    private final ModelBroker broker;
    private final FetchPlan plan;
    private final FetchTerms terms;
    private final BrokerError refusal;
    private final int throttleMs;
    /** The partitions to read, as they were when the request was accepted. */
    private final List<WantedPartition> wanted = new ArrayList<>();
    /** The answers for the partitions that this broker's metadata did not know then. */
    private final Map<WantedPartition, PartitionAnswer> unknown = new LinkedHashMap<>();
    /** The session that this request continues, or null for a full request. */
    private final @Nullable BrokerSession session;

    private FetchUnderWay(
            ModelBroker broker,
            FetchPlan plan,
            FetchTerms terms,
            BrokerError refusal,
            int throttleMs,
            @Nullable BrokerSession session) {
        this.broker = broker;
        this.plan = plan;
        this.terms = terms;
        this.refusal = refusal;
        this.throttleMs = throttleMs;
        this.session = session;
        if (refusal == BrokerError.NONE) {
            sort(session == null ? listed() : session.wanted(broker.cluster()));
        }
    }

    /** Puts partitions that are not known behind all others: first unknown topic ids, then unknown partitions. */
    private void sort(List<WantedPartition> asked) {
        Map<WantedPartition, PartitionAnswer> unknownPartitions = new LinkedHashMap<>();
        for (WantedPartition partition : asked) {
            PartitionAnswer refused = PartitionReader.unknown(broker.cluster(), partition);
            if (refused == null) {
                wanted.add(partition);
            } else if (partition.topic() == null) {
                unknown.put(partition, refused);
            } else {
                unknownPartitions.put(partition, refused);
            }
        }
        unknown.putAll(unknownPartitions);
    }

    private List<WantedPartition> listed() {
        List<WantedPartition> listed = new ArrayList<>();
        plan.partitions()
                .forEach((key, target) ->
                        listed.add(new WantedPartition(key, broker.cluster().nameOf(key), target)));
        return listed;
    }

    /** Accepts a request. From here on it takes effect, whether or not the client gets the answer. */
    static FetchUnderWay accept(ModelBroker broker, FetchPlan plan, FetchTerms terms, int throttleMs, long nowNanos) {
        SessionCache sessions = broker.sessions();
        if (plan.epoch() == FetchPlan.INITIAL_EPOCH || plan.epoch() == FetchPlan.FINAL_EPOCH) {
            sessions.remove(plan.sessionId());
            return new FetchUnderWay(broker, plan, terms, BrokerError.NONE, throttleMs, null);
        }
        BrokerSession session = sessions.get(plan.sessionId());
        BrokerError refusal = refusal(plan, session);
        if (session == null || refusal != BrokerError.NONE) {
            return new FetchUnderWay(broker, plan, terms, refusal, throttleMs, null);
        }
        session.apply(plan, broker.cluster());
        if (session.isEmpty()) {
            sessions.remove(session.id());
            return new FetchUnderWay(broker, plan, terms, BrokerError.NONE, throttleMs, null);
        }
        session.used(nowNanos);
        session.advance();
        return new FetchUnderWay(broker, plan, terms, BrokerError.NONE, throttleMs, session);
    }

    private static BrokerError refusal(FetchPlan plan, @Nullable BrokerSession session) {
        if (session == null) {
            return BrokerError.FETCH_SESSION_ID_NOT_FOUND;
        }
        if (session.epoch() != plan.epoch()) {
            return BrokerError.INVALID_FETCH_SESSION_EPOCH;
        }
        return session.byTopicId() == plan.byTopicId() ? BrokerError.NONE : BrokerError.FETCH_SESSION_TOPIC_ID_ERROR;
    }

    /**
     * Returns the answer, or null if the broker waits for records.
     *
     * @param timeUp whether the broker must answer now, since the time to wait is over
     */
    public @Nullable FetchAnswer answer(boolean timeUp, long nowNanos) {
        if (refusal != BrokerError.NONE) {
            return answer(refusal, FetchPlan.NO_SESSION, List.of());
        }
        if (throttleMs > 0) {
            return answer(BrokerError.NONE, session == null ? FetchPlan.NO_SESSION : session.id(), List.of());
        }
        Map<WantedPartition, PartitionAnswer> read = read();
        if (!timeUp && !plan.immediate() && mayWait(read)) {
            return null;
        }
        read.putAll(unknown);
        return session == null ? answerListed(read, nowNanos) : answerNews(session, read);
    }

    private Map<WantedPartition, PartitionAnswer> read() {
        PartitionReader reader = new PartitionReader(broker, terms);
        Map<WantedPartition, PartitionAnswer> read = new LinkedHashMap<>();
        wanted.forEach(partition -> read.put(partition, reader.read(partition)));
        return read;
    }

    /** Whether the fetch may wait for records: unknown partitions do not end a wait, errors in reading do. */
    private boolean mayWait(Map<WantedPartition, PartitionAnswer> read) {
        if (read.isEmpty() || terms.maxBytes() == 0) {
            return false;
        }
        for (Map.Entry<WantedPartition, PartitionAnswer> entry : read.entrySet()) {
            PartitionAnswer answer = entry.getValue();
            boolean urgent = answer.records().hasRemaining()
                    || answer.error() != BrokerError.NONE
                    || answer.divergingEpoch() != null
                    || answer.preferredReadReplica() >= 0
                    || startsBehindWhatIsReadable(entry.getKey(), answer);
            if (urgent) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether the fetch starts in a batch that cannot be read yet: the broker treats that as a log that has
     * become shorter.
     */
    private boolean startsBehindWhatIsReadable(WantedPartition partition, PartitionAnswer answer) {
        long readableTo = terms.readCommitted() ? answer.lastStableOffset() : answer.highWatermark();
        PartitionLog log = broker.cluster().log(partition.name());
        return log.batchStart(partition.target().fetchOffset()) > readableTo;
    }

    private FetchAnswer answerListed(Map<WantedPartition, PartitionAnswer> read, long nowNanos) {
        List<PartitionAnswer> answers = new ArrayList<>(read.values());
        boolean wantsSession = plan.epoch() == FetchPlan.INITIAL_EPOCH;
        BrokerSession opened = wantsSession ? broker.sessions().open(plan.byTopicId(), read.size(), nowNanos) : null;
        if (opened == null) {
            return answer(BrokerError.NONE, FetchPlan.NO_SESSION, answers);
        }
        read.forEach((partition, answer) -> {
            CachedPartition cached = new CachedPartition(partition.target(), partition.topic());
            cached.reported(answer);
            opened.add(partition.key(), cached);
        });
        opened.used(nowNanos);
        return answer(BrokerError.NONE, opened.id(), answers);
    }

    private FetchAnswer answerNews(BrokerSession going, Map<WantedPartition, PartitionAnswer> read) {
        if (going.epoch() != BrokerSession.successor(plan.epoch())) {
            // Another request has been accepted while this one waited.
            return answer(BrokerError.INVALID_FETCH_SESSION_EPOCH, going.id(), List.of());
        }
        List<PartitionAnswer> news = new ArrayList<>();
        read.forEach((partition, answer) -> {
            CachedPartition cached = going.get(partition.key());
            if (cached != null && cached.isNews(answer)) {
                cached.reported(answer);
                news.add(answer);
                if (answer.records().hasRemaining()) {
                    going.rotate(partition.key());
                }
            }
        });
        return answer(BrokerError.NONE, going.id(), news);
    }

    private FetchAnswer answer(BrokerError error, int sessionId, List<PartitionAnswer> partitions) {
        return new FetchAnswer(error, throttleMs, sessionId, partitions, broker.endpointsFor(partitions), Lease.NONE);
    }

    /** Returns whether this request asks for no data at all. */
    public boolean closes() {
        return plan.kind() == Kind.CLOSE;
    }
}
