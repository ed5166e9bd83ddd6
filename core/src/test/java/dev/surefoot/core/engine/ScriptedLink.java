package dev.surefoot.core.engine;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Readiness.Failed;
import dev.surefoot.core.exchange.Readiness.NotYet;
import dev.surefoot.core.exchange.Readiness.Ready;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelCluster;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** The wire between an engine and a model cluster, with virtual time and a script of faults. */
final class ScriptedLink implements BrokerLink {
    static final long LATENCY_NANOS = 1_000_000;
    static final long MAX_WAIT_NANOS = 500_000_000;
    /** How large each Fetch request and response is said to be. */
    static final int REQUEST_BYTES = 100;

    static final int RESPONSE_BYTES = 300;
    static final RequestFailure DISCONNECTED =
            new RequestFailure(RequestFailure.Kind.DISCONNECTED, new DisconnectException("scripted"));

    static final RequestFailure TOO_OLD =
            new RequestFailure(RequestFailure.Kind.UNSUPPORTED_VERSION, new UnsupportedVersionException("scripted"));

    /** What becomes of one request. */
    enum Fate {
        /** It is served, and the answer arrives. */
        SERVED,
        /** The wire refuses it. */
        REFUSED,
        /** It is lost on its way. */
        REQUEST_LOST,
        /** It is served, and the answer is lost. */
        ANSWER_LOST,
        /** It is served, and the answer stays away until it is let go. */
        HELD
    }

    /** The outcome of a request, due at some time. */
    record Outcome(
            Request<?> request,
            @Nullable Answer answer,
            @Nullable RequestFailure failure,
            long dueNanos) {}

    private record Script(Predicate<Request<?>> matches, Fate fate) {}

    private final ModelCluster cluster;
    private final List<Outcome> underWay = new ArrayList<>();
    private final List<Outcome> held = new ArrayList<>();
    private final Map<Integer, RequestFailure> fetchFailures = new HashMap<>();
    private final List<Script> scripts = new ArrayList<>();
    private final Map<Integer, Readiness> states = new HashMap<>();
    private final Map<Integer, Long> mutedUntil = new HashMap<>();
    private final Deque<UnaryOperator<FetchAnswer>> fetchEdits = new ArrayDeque<>();
    /** The brokers whose control connections are not as ready as those for fetches. */
    final Map<Integer, Readiness> controlStates = new HashMap<>();

    final List<Request<?>> sent = new ArrayList<>();
    /** The brokers whose connections were to be made anew, in order. */
    final List<Integer> reconnected = new ArrayList<>();

    boolean topicIds = true;
    private Predicate<Request<?>> tooOld = request -> false;
    private int outOfRangeAt = -1;
    private @Nullable UnaryOperator<FetchAnswer> edit;
    /** What becomes of answers to the question whether there are records. */
    UnaryOperator<FetchAnswer> remaining = answer -> answer;

    private long refusedUntil = Long.MIN_VALUE;
    long heldBytes;

    ScriptedLink(ModelCluster cluster) {
        this.cluster = cluster;
    }

    /** Gives the next request that matches this fate. */
    void next(Predicate<Request<?>> matches, Fate fate) {
        scripts.add(new Script(matches, fate));
    }

    /** Makes the next fetch from this broker end with this failure. */
    void failNextFetch(int nodeId, RequestFailure failure) {
        fetchFailures.put(nodeId, failure);
    }

    /** Makes brokers too old for the requests that match, from here on. */
    void tooOldFor(Predicate<Request<?>> matches) {
        tooOld = matches;
    }

    /** Changes the answer to the next fetch that is served. */
    void editNextFetch(UnaryOperator<FetchAnswer> edit) {
        fetchEdits.add(edit);
    }

    /** Changes the answers to all fetches from here on; null ends that. */
    void editFetches(@Nullable UnaryOperator<FetchAnswer> change) {
        edit = change;
    }

    /** Makes this broker say of every partition that it has no such offset. */
    void outOfRangeAt(int nodeId) {
        outOfRangeAt = nodeId;
    }

    /** The answer, but sending the client to a replica. */
    FetchAnswer preferring(FetchAnswer answer, TopicPartition partition, int replica) {
        return answer.partitions().isEmpty()
                ? answer
                : ModelAnswers.answer(
                        answer.sessionId(), List.of(ModelAnswers.preferring(cluster.key(partition), replica, 10)));
    }

    private FetchAnswer edited(int nodeId, FetchAnswer answer) {
        if (!fetchEdits.isEmpty()) {
            return fetchEdits.poll().apply(answer);
        }
        if (nodeId == outOfRangeAt) {
            return ModelAnswers.answer(
                    answer.sessionId(),
                    answer.partitions().stream()
                            .map(partition -> ModelAnswers.error(
                                    new TopicIdPartition(partition.topicId(), partition.partition(), ""),
                                    BrokerError.OFFSET_OUT_OF_RANGE))
                            .toList());
        }
        return edit == null ? answer : edit.apply(answer);
    }

    void down(int nodeId) {
        states.put(nodeId, new Failed(DISCONNECTED));
    }

    void state(int nodeId, Readiness readiness) {
        states.put(nodeId, readiness);
    }

    void connecting(int nodeId) {
        states.put(nodeId, new NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE));
    }

    /** The brokers that are not simply ready. */
    Map<Integer, Readiness> states() {
        return states;
    }

    void up(int nodeId) {
        states.remove(nodeId);
    }

    /** Lets the answers arrive that were held. */
    void letGo(long nowNanos) {
        held.forEach(outcome -> underWay.add(new Outcome(outcome.request(), outcome.answer(), null, nowNanos)));
        held.clear();
    }

    /** The requests of this broker and purpose that are under way fail. */
    @Override
    public void reconnect(int nodeId, Purpose purpose, long nowNanos) {
        reconnected.add(nodeId);
        List<Outcome> failed = new ArrayList<>();
        for (Outcome outcome : underWay) {
            if (outcome.request().nodeId() == nodeId && outcome.request().purpose() == purpose) {
                release(outcome);
                failed.add(new Outcome(outcome.request(), null, DISCONNECTED, nowNanos));
            } else {
                failed.add(outcome);
            }
        }
        underWay.clear();
        underWay.addAll(failed);
        mutedUntil.remove(nodeId);
    }

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1, -2);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        if (nodeId < 0 && states.containsKey(-1)) {
            return states.get(-1);
        }
        if (nodeId >= 0 && cluster.broker(nodeId) == null) {
            return new Failed(DISCONNECTED);
        }
        if (purpose == Purpose.FETCH && mutedUntil.getOrDefault(nodeId, Long.MIN_VALUE) > nowNanos) {
            return new NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
        }
        Readiness ready = states.getOrDefault(nodeId, new Ready(topicIds, true));
        return purpose == Purpose.CONTROL ? controlStates.getOrDefault(nodeId, ready) : ready;
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        Fate fate = Fate.SERVED;
        for (Script script : scripts) {
            if (script.matches().test(request)) {
                fate = script.fate();
                scripts.remove(script);
                break;
            }
        }
        if (fate == Fate.REFUSED) {
            refusedUntil = nowNanos + LATENCY_NANOS;
            return false;
        }
        assertAlone(request);
        sent.add(request);
        if (tooOld.test(request)) {
            underWay.add(new Outcome(request, null, TOO_OLD, nowNanos + LATENCY_NANOS));
            return true;
        }
        RequestFailure failure = request.purpose() == Purpose.FETCH ? fetchFailures.remove(request.nodeId()) : null;
        if (failure != null) {
            underWay.add(new Outcome(request, null, failure, nowNanos + LATENCY_NANOS));
            return true;
        }
        Outcome lost = new Outcome(request, null, DISCONNECTED, nowNanos + LATENCY_NANOS);
        if (fate == Fate.REQUEST_LOST) {
            underWay.add(lost);
            return true;
        }
        Outcome served = serve(request, nowNanos);
        switch (fate) {
            case ANSWER_LOST -> {
                release(served);
                underWay.add(lost);
            }
            case HELD -> held.add(served);
            default -> underWay.add(served);
        }
        return true;
    }

    /** At most one fetch is outstanding at a broker (I5). */
    private void assertAlone(Request<?> request) {
        if (request instanceof FetchRequest fetch) {
            Predicate<Outcome> rival =
                    outcome -> outcome.request() instanceof FetchRequest other && other.nodeId() == fetch.nodeId();
            if (underWay.stream().anyMatch(rival) || held.stream().anyMatch(rival)) {
                throw new AssertionError("a second fetch is sent to broker " + fetch.nodeId());
            }
        }
    }

    private Outcome serve(Request<?> request, long nowNanos) {
        long due = nowNanos + LATENCY_NANOS;
        Answer answer;
        if (request instanceof FetchRequest fetch) {
            FetchAnswer fetched = cluster.fetch(fetch.nodeId(), fetch.plan(), fetch.namesRack(), fetch.maxBytes());
            fetched = leased(edited(fetch.nodeId(), fetched));
            boolean waits = fetched.partitions().isEmpty()
                    && fetched.throttleTimeMs() == 0
                    && fetched.sessionId() > 0
                    && !fetch.plan().immediate();
            due += waits ? MAX_WAIT_NANOS : 0;
            mutedUntil.put(fetch.nodeId(), due + fetched.throttleTimeMs() * 1_000_000L);
            answer = new FetchResponse(fetched, REQUEST_BYTES, RESPONSE_BYTES);
        } else if (request instanceof MetadataRequest metadata) {
            answer = new MetadataResponse(cluster.metadata(metadata.query()));
        } else if (request instanceof RemainingRecordsRequest records) {
            FetchAnswer fetched = cluster.fetch(records.nodeId(), records.plan(), false, records.maxBytes());
            answer = RemainingRecordsResponse.of(records, remaining.apply(fetched));
        } else if (request instanceof ListOffsetsRequest offsets) {
            answer = new ListOffsetsResponse(cluster.offsets(offsets.nodeId(), offsets.query()));
        } else {
            OffsetForLeaderEpochRequest epochs = (OffsetForLeaderEpochRequest) request;
            answer = new OffsetForLeaderEpochResponse(cluster.epochs(epochs.nodeId(), epochs.query()));
        }
        return new Outcome(request, answer, null, due);
    }

    private FetchAnswer leased(FetchAnswer answer) {
        int bytes = answer.partitions().stream()
                .mapToInt(partition -> partition.records().remaining())
                .sum();
        return new FetchAnswer(
                answer.error(),
                answer.throttleTimeMs(),
                answer.sessionId(),
                answer.partitions(),
                cluster.nodes(),
                new CountedLease(bytes));
    }

    /** Ends every fault. */
    void heal(long nowNanos) {
        states.clear();
        controlStates.clear();
        scripts.clear();
        fetchEdits.clear();
        edit = null;
        outOfRangeAt = -1;
        tooOld = request -> false;
        letGo(nowNanos);
    }

    private static void release(Outcome outcome) {
        if (outcome.answer() instanceof FetchResponse fetch) {
            fetch.answer().lease().release();
        }
    }

    /** The outcomes that are due, which are under way no longer. */
    List<Outcome> take(long nowNanos) {
        List<Outcome> due = underWay.stream()
                .filter(outcome -> outcome.dueNanos() <= nowNanos)
                .toList();
        underWay.removeAll(due);
        return due;
    }

    /** When something happens on the wire by itself, after now. */
    long nextEvent(long nowNanos) {
        long next = refusedUntil > nowNanos ? refusedUntil : Long.MAX_VALUE;
        for (Outcome outcome : underWay) {
            next = Math.min(next, outcome.dueNanos());
        }
        for (long until : mutedUntil.values()) {
            next = until > nowNanos ? Math.min(next, until) : next;
        }
        return next;
    }

    /** Counts the bytes of answers that someone still holds. */
    private final class CountedLease implements Lease {
        private final int bytes;
        private int holds = 1;

        CountedLease(int bytes) {
            this.bytes = bytes;
            heldBytes += bytes;
        }

        @Override
        public void retain() {
            holds++;
        }

        @Override
        public void release() {
            if (holds == 0) {
                throw new IllegalStateException("released once too often");
            }
            if (--holds == 0) {
                heldBytes -= bytes;
            }
        }

        @Override
        public boolean held() {
            return holds > 0;
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }
}
