package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.error.TopicErrors;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
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

/**
 * The application's questions on their way to an answer. They are retried until they are answered, cannot be, or are
 * cancelled; how long the application waits is its own affair. They touch neither positions nor sessions. Owned by the loop's
 * thread.
 */
final class Questions {
    private static final ListOffsetsAnswer.PartitionOffset NOT_IN_THE_ANSWER =
            new ListOffsetsAnswer.PartitionOffset(BrokerError.UNKNOWN_SERVER_ERROR, -1, -1, -1);

    private final Cluster cluster;
    private final Obstacles obstacles;
    private final Backoff backoff;
    private final boolean readCommitted;
    private final Map<Long, OpenQuestion> pending = new HashMap<>();
    private final IdentityHashMap<Request, OpenQuestion> outstanding = new IdentityHashMap<>();
    private final List<EngineEvent> events = new ArrayList<>();

    Questions(Cluster cluster, Obstacles obstacles, Backoff backoff, boolean readCommitted) {
        this.cluster = cluster;
        this.obstacles = obstacles;
        this.backoff = backoff;
        this.readCommitted = readCommitted;
    }

    void ask(Question question) {
        OpenQuestion asked = new OpenQuestion(question);
        pending.put(question.id(), asked);
        obstacles.changed();
        completeIfNothingRemains(asked);
    }

    void cancel(long id) {
        pending.remove(id);
    }

    /** The events that have come about since the last call, in order. */
    List<EngineEvent> takeEvents() {
        List<EngineEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Tells what keeps each answer away, where that has changed. */
    void explain() {
        if (!obstacles.takeNews()) {
            return;
        }
        for (OpenQuestion open : pending.values()) {
            List<Unanswered> reasons = obstacles.of(open);
            if (!reasons.equals(open.explained)) {
                open.explained = reasons;
                events.add(new EngineEvent.QuestionDelayed(open.question.id(), reasons));
            }
        }
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

    /** Whether anyone waits for a leader that is missing: a question, or a position that the application waits for. */
    boolean anyoneMissesLeader() {
        return pending.values().stream()
                .flatMap(p -> p.unanswered().stream())
                .anyMatch(partition -> !cluster.leader(partition).isKnown());
    }

    /** Metadata questions that are due; any broker can answer them. */
    List<Question.Topics> topicsDue(long nowNanos) {
        List<Question.Topics> due = new ArrayList<>();
        for (OpenQuestion p : pending.values()) {
            if (p.question instanceof Question.Topics topics && !p.topicsAsked && p.notBefore <= nowNanos) {
                due.add(topics);
            }
        }
        return due;
    }

    /** Offset questions that are due, one request for each question and leader. */
    List<Request.ListOffsets> offsetsDue(long nowNanos) {
        List<Request.ListOffsets> due = new ArrayList<>();
        for (OpenQuestion p : pending.values()) {
            if (p.notBefore > nowNanos || p.remaining.isEmpty()) {
                continue;
            }
            Map<Integer, ListOffsetsQuery> byLeader = new HashMap<>();
            p.remaining.forEach((partition, timestamp) -> {
                PartitionLeader leader = cluster.leader(partition);
                if (leader.isKnown() && !p.asked.contains(partition)) {
                    byLeader.computeIfAbsent(
                                    leader.leaderId(), id -> new ListOffsetsQuery(readCommitted, new HashMap<>()))
                            .partitions()
                            .put(partition, new ListOffsetsQuery.PartitionTimestamp(timestamp, leader.leaderEpoch()));
                }
            });
            byLeader.forEach((leader, query) -> {
                Request.ListOffsets request = new Request.ListOffsets(leader, query);
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
        OpenQuestion p = Objects.requireNonNull(pending.get(question.id()));
        p.topicsAsked = true;
        outstanding.put(request, p);
    }

    void sent(Request.ListOffsets request) {
        OpenQuestion p = outstanding.get(request);
        if (p != null) {
            p.asked.addAll(request.query().partitions().keySet());
        }
    }

    /** Lets go of a request that could not be handed over. */
    void unsent(Request request) {
        outstanding.remove(request);
    }

    /** No broker can be asked; the question is put again after a rest, unless credentials were refused. */
    void unreachable(Question.Topics question, RequestFailure failure, long nowNanos) {
        failed(Objects.requireNonNull(pending.get(question.id())), failure, nowNanos);
    }

    /** Nobody can be asked for leaders, and trying again does not help: ends every question that waits for one. */
    void leadersUnattainable(KafkaException cause) {
        for (OpenQuestion p : List.copyOf(pending.values())) {
            if (p.unanswered().stream()
                    .anyMatch(partition -> !cluster.leader(partition).isKnown())) {
                fail(p, cause);
            }
        }
    }

    /** Topics have errors that no retry removes: ends every question about their offsets. */
    void topicsRefused(TopicErrors errors) {
        for (OpenQuestion p : List.copyOf(pending.values())) {
            Set<String> topics = new HashSet<>();
            p.remaining.keySet().forEach(partition -> topics.add(partition.topic()));
            TopicErrors refused = errors.of(topics);
            if (!refused.isEmpty()) {
                fail(p, refused.exception());
            }
        }
    }

    /** The leader of these partitions refuses the client's credentials: ends every wait for one of their positions. */
    void positionsUnattainable(Set<TopicPartition> partitions, KafkaException cause) {
        for (OpenQuestion p : List.copyOf(pending.values())) {
            if (p.question instanceof Question.Position position && partitions.contains(position.partition())) {
                fail(p, cause);
            }
        }
    }

    /** Whether the request is one of a question's, not of the engine's own keeping. */
    boolean owns(Request request) {
        return outstanding.containsKey(request);
    }

    void failed(Request request, RequestFailure failure, long nowNanos) {
        OpenQuestion p = outstanding.remove(request);
        if (p == null || !pending.containsKey(p.question.id())) {
            return;
        }
        p.topicsAsked = false;
        if (request instanceof Request.ListOffsets offsets) {
            p.asked.removeAll(offsets.query().partitions().keySet());
        }
        failed(p, failure, nowNanos);
    }

    private void failed(OpenQuestion p, RequestFailure failure, long nowNanos) {
        switch (failure.kind()) {
            case AUTHENTICATION, UNSUPPORTED_VERSION -> fail(p, failure.cause());
            case DISCONNECTED, TIMED_OUT, MALFORMED -> {
                p.error = failure.cause();
                retry(p, nowNanos);
            }
        }
    }

    void answered(Request request, MetadataAnswer answer, long nowNanos) {
        OpenQuestion p = outstanding.remove(request);
        if (p == null || !pending.containsKey(p.question.id())) {
            return;
        }
        p.topicsAsked = false;
        Question.Topics question = (Question.Topics) p.question;
        ErrorMeaning whole = BrokerQuestion.METADATA.meaningOf(answer.error());
        if (whole == ErrorMeaning.LASTING) {
            fail(p, answer.error().exception("Asking for topics"));
            return;
        }
        boolean again = whole != ErrorMeaning.ANSWER;
        if (again) {
            p.error = answer.error().exception("Asking for topics");
        }
        BrokerQuestion asked = question.topics() == null ? BrokerQuestion.ALL_TOPICS : BrokerQuestion.TOPIC;
        TopicErrors lasting = new TopicErrors();
        for (TopicMetadata topic : answer.topics()) {
            switch (asked.meaningOf(topic.error())) {
                case ANSWER, NO_ANSWER -> {}
                case LASTING -> lasting.add(topic.name(), topic.error(), topic.errorCode());
                case STALE, PASSING -> {
                    again = true;
                    p.error = topic.error().exception("Asking for topic '" + topic.name() + "'", topic.errorCode());
                }
            }
        }
        if (!lasting.isEmpty()) {
            fail(p, lasting.exception());
        } else if (again) {
            retry(p, nowNanos);
        } else {
            pending.remove(question.id());
            events.add(new EngineEvent.TopicsFound(question.id(), answer));
        }
    }

    /** Returns whether the leaders that were asked have proved wrong. */
    boolean answered(Request.ListOffsets request, ListOffsetsAnswer answer, long nowNanos) {
        OpenQuestion p = outstanding.remove(request);
        if (p == null || !pending.containsKey(p.question.id())) {
            return false;
        }
        boolean again = false;
        TopicErrors lasting = new TopicErrors();
        for (TopicPartition partition : request.query().partitions().keySet()) {
            p.asked.remove(partition);
            ListOffsetsAnswer.PartitionOffset found = answer.partitions().getOrDefault(partition, NOT_IN_THE_ANSWER);
            String asking = "Asking broker " + request.nodeId() + " for an offset of " + partition;
            switch (BrokerQuestion.OFFSETS.meaningOf(found.error())) {
                case ANSWER, NO_ANSWER -> {
                    p.remaining.remove(partition);
                    p.errors.remove(partition);
                    p.found.put(partition, found);
                }
                case LASTING -> lasting.add(partition, found.error(), found.errorCode(), asking);
                case STALE, PASSING -> {
                    again = true;
                    p.errors.put(partition, found.error().exception(asking, found.errorCode()));
                }
            }
        }
        if (!lasting.isEmpty()) {
            fail(p, lasting.exception());
            return false;
        }
        if (again) {
            retry(p, nowNanos);
        }
        completeIfNothingRemains(p);
        return again;
    }

    private void completeIfNothingRemains(OpenQuestion p) {
        if (p.question instanceof Question.Offsets offsets && p.remaining.isEmpty()) {
            pending.remove(offsets.id());
            events.add(new EngineEvent.OffsetsFound(offsets.id(), p.found));
        }
    }

    private void retry(OpenQuestion p, long nowNanos) {
        p.notBefore = nowNanos + backoff.delayNanos(++p.failures);
        obstacles.changed();
    }

    private void fail(OpenQuestion p, KafkaException cause) {
        pending.remove(p.question.id());
        events.add(new EngineEvent.QuestionFailed(p.question.id(), cause));
    }

    /** When a question is next due that rests after a failure, or {@link Long#MAX_VALUE}. */
    long nextDue(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (OpenQuestion p : pending.values()) {
            if (p.notBefore > nowNanos) {
                next = Math.min(next, p.notBefore);
            }
        }
        return next;
    }
}
