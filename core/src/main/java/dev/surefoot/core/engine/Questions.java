package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.OffsetsAnswer;
import dev.surefoot.core.position.OffsetsQuery;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * The application's questions on their way to an answer. They are retried until they are answered, cannot be, or are
 * cancelled; how long the application waits is its own affair. They touch neither positions nor sessions. Owned by the loop's
 * thread.
 */
final class Questions {

    private static final class Pending {
        final Question question;
        final Map<TopicPartition, Long> remaining = new HashMap<>();
        final Map<TopicPartition, OffsetsAnswer.Found> found = new HashMap<>();
        final Set<TopicPartition> asked = new HashSet<>();
        boolean topicsAsked;
        int failures;
        long notBefore;

        Pending(Question question) {
            this.question = question;
            if (question instanceof Question.Offsets offsets) {
                remaining.putAll(offsets.timestamps());
            }
        }
    }

    private final Cluster cluster;
    private final Backoff backoff;
    private final boolean readCommitted;
    private final Map<Long, Pending> pending = new HashMap<>();
    private final IdentityHashMap<Request, Pending> outstanding = new IdentityHashMap<>();
    private final List<EngineEvent> completed = new ArrayList<>();

    Questions(Cluster cluster, Backoff backoff, boolean readCommitted) {
        this.cluster = cluster;
        this.backoff = backoff;
        this.readCommitted = readCommitted;
    }

    void ask(Question question) {
        Pending asked = new Pending(question);
        pending.put(question.id(), asked);
        completeIfNothingRemains(asked);
    }

    void cancel(long id) {
        pending.remove(id);
    }

    /** The events that have come about since the last call. */
    List<EngineEvent> completed() {
        List<EngineEvent> events = List.copyOf(completed);
        completed.clear();
        return events;
    }

    /** The topics whose leaders questions need. */
    Set<String> topicsOfInterest() {
        Set<String> topics = new HashSet<>();
        pending.values().forEach(p -> p.remaining.keySet().forEach(partition -> topics.add(partition.topic())));
        return topics;
    }

    /** Whether any question has to be put to leaders. */
    boolean waitForLeaders() {
        return pending.values().stream().anyMatch(p -> !p.remaining.isEmpty());
    }

    /** Whether a leader is missing that a question waits for. */
    boolean missesLeader() {
        return pending.values().stream()
                .flatMap(p -> p.remaining.keySet().stream())
                .anyMatch(partition -> !cluster.leader(partition).isKnown());
    }

    /** Metadata questions that are due; any broker can answer them. */
    List<Question.Topics> topicsDue(long nowNanos) {
        List<Question.Topics> due = new ArrayList<>();
        for (Pending p : pending.values()) {
            if (p.question instanceof Question.Topics topics && !p.topicsAsked && p.notBefore <= nowNanos) {
                due.add(topics);
            }
        }
        return due;
    }

    /** Offset questions that are due, one request for each question and leader. */
    List<Request.Offsets> offsetsDue(long nowNanos) {
        List<Request.Offsets> due = new ArrayList<>();
        for (Pending p : pending.values()) {
            if (p.notBefore > nowNanos || p.remaining.isEmpty()) {
                continue;
            }
            Map<Integer, OffsetsQuery> byLeader = new HashMap<>();
            p.remaining.forEach((partition, timestamp) -> {
                PartitionLeader leader = cluster.leader(partition);
                if (leader.isKnown() && !p.asked.contains(partition)) {
                    byLeader.computeIfAbsent(leader.leaderId(), id -> new OffsetsQuery(readCommitted, new HashMap<>()))
                            .partitions()
                            .put(partition, new OffsetsQuery.At(timestamp, leader.leaderEpoch()));
                }
            });
            byLeader.forEach((leader, query) -> {
                Request.Offsets request = new Request.Offsets(leader, query);
                due.add(request);
                outstanding.put(request, p);
            });
        }
        return due;
    }

    static Request.Metadata request(int nodeId, Question.Topics question) {
        return new Request.Metadata(nodeId, new MetadataQuery(question.topics(), question.allowAutoTopicCreation()));
    }

    void sent(Request.Metadata request, Question.Topics question) {
        Pending p = Objects.requireNonNull(pending.get(question.id()));
        p.topicsAsked = true;
        outstanding.put(request, p);
    }

    void sent(Request.Offsets request) {
        Pending p = outstanding.get(request);
        if (p != null) {
            p.asked.addAll(request.query().partitions().keySet());
        }
    }

    /** Lets go of a request that could not be handed over. */
    void unsent(Request request) {
        outstanding.remove(request);
    }

    /** No broker can be asked; the question is put again after a rest, unless brokers refuse this client. */
    void unreachable(Question.Topics question, RequestFailure failure, long nowNanos) {
        Pending p = Objects.requireNonNull(pending.get(question.id()));
        if (failure.kind() == RequestFailure.Kind.AUTHENTICATION) {
            fail(p, failure.cause());
        } else {
            retry(p, nowNanos);
        }
    }

    /** Whether the request is one of a question's, not of the engine's own keeping. */
    boolean owns(Request request) {
        return outstanding.containsKey(request);
    }

    void failed(Request request, RequestFailure failure, long nowNanos) {
        Pending p = outstanding.remove(request);
        if (p == null || !pending.containsKey(p.question.id())) {
            return;
        }
        p.topicsAsked = false;
        if (request instanceof Request.Offsets offsets) {
            p.asked.removeAll(offsets.query().partitions().keySet());
        }
        switch (failure.kind()) {
            case AUTHENTICATION, UNSUPPORTED_VERSION -> fail(p, failure.cause());
            case DISCONNECTED, TIMED_OUT, MALFORMED -> retry(p, nowNanos);
        }
    }

    void answered(Request request, MetadataAnswer answer, long nowNanos) {
        Pending p = outstanding.remove(request);
        if (p == null || !pending.containsKey(p.question.id())) {
            return;
        }
        p.topicsAsked = false;
        Question.Topics question = (Question.Topics) p.question;
        boolean retry = answer.error() != BrokerError.NONE;
        for (TopicMetadata topic : answer.topics()) {
            boolean named = question.topics() != null;
            switch (topic.error()) {
                case TOPIC_AUTHORIZATION_FAILED -> {
                    if (named) {
                        fail(p, new TopicAuthorizationException(Set.of(topic.name())));
                        return;
                    }
                }
                case INVALID_TOPIC_EXCEPTION -> {
                    fail(p, topic.error().exception("Asking for topic '" + topic.name() + "'"));
                    return;
                }
                case LEADER_NOT_AVAILABLE -> retry |= named;
                default -> {}
            }
        }
        if (retry) {
            retry(p, nowNanos);
        } else {
            pending.remove(question.id());
            completed.add(new EngineEvent.TopicsFound(question.id(), answer));
        }
    }

    /** Returns whether the leaders that were asked have proved wrong. */
    boolean answered(Request.Offsets request, OffsetsAnswer answer, long nowNanos) {
        Pending p = outstanding.remove(request);
        if (p == null || !pending.containsKey(p.question.id())) {
            return false;
        }
        boolean stale = false;
        for (TopicPartition partition : request.query().partitions().keySet()) {
            p.asked.remove(partition);
            OffsetsAnswer.Found found = answer.partitions().get(partition);
            BrokerError error = found == null ? BrokerError.UNKNOWN_SERVER_ERROR : found.error();
            switch (error) {
                case NONE, UNSUPPORTED_FOR_MESSAGE_FORMAT -> {
                    p.remaining.remove(partition);
                    p.found.put(partition, Objects.requireNonNull(found));
                }
                case TOPIC_AUTHORIZATION_FAILED -> {
                    fail(p, new TopicAuthorizationException(Set.of(partition.topic())));
                    return false;
                }
                default -> stale = true;
            }
        }
        if (stale) {
            retry(p, nowNanos);
        }
        completeIfNothingRemains(p);
        return stale;
    }

    private void completeIfNothingRemains(Pending p) {
        if (p.question instanceof Question.Offsets offsets && p.remaining.isEmpty()) {
            pending.remove(offsets.id());
            completed.add(new EngineEvent.OffsetsFound(offsets.id(), p.found));
        }
    }

    private void retry(Pending p, long nowNanos) {
        p.notBefore = nowNanos + backoff.delayNanos(++p.failures);
    }

    private void fail(Pending p, KafkaException cause) {
        pending.remove(p.question.id());
        completed.add(new EngineEvent.QuestionFailed(p.question.id(), cause));
    }

    /** When a question is next due that rests after a failure, or {@link Long#MAX_VALUE}. */
    long nextDue(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (Pending p : pending.values()) {
            if (p.notBefore > nowNanos) {
                next = Math.min(next, p.notBefore);
            }
        }
        return next;
    }
}
