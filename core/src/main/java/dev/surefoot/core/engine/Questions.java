package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.error.TopicErrors;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The application's questions that have no answer yet. Each is retried until it is answered, fails with a lasting
 * error, or is cancelled; the application's timeout is not known here. Questions change neither positions nor sessions.
 * Owned by the loop's thread.
 */
final class Questions {
    private static final ListOffsetsAnswer.PartitionOffset NOT_IN_THE_ANSWER =
            new ListOffsetsAnswer.PartitionOffset(BrokerError.UNKNOWN_SERVER_ERROR, -1, -1, -1);

    private final Cluster cluster;
    private final Obstacles obstacles;
    private final Backoff backoff;
    private final boolean readCommitted;
    private final Map<Long, OpenQuestion> pending = new HashMap<>();
    private final Consumer<EngineEvent> events;

    Questions(
            Cluster cluster,
            Obstacles obstacles,
            Backoff backoff,
            boolean readCommitted,
            Consumer<EngineEvent> events) {
        this.cluster = cluster;
        this.obstacles = obstacles;
        this.backoff = backoff;
        this.readCommitted = readCommitted;
        this.events = events;
    }

    /** Adds a question, which is due at once. */
    void ask(Question question) {
        OpenQuestion asked = new OpenQuestion(question);
        pending.put(question.id(), asked);
        obstacles.changed();
        completeIfNothingRemains(asked);
    }

    /** Removes a question, which then gets no answer; does nothing if it has one. */
    void cancel(long id) {
        pending.remove(id);
    }

    /** Reports the reasons for which questions have no answer, where they have changed. */
    void explain() {
        if (!obstacles.takeNews()) {
            return;
        }
        for (OpenQuestion open : pending.values()) {
            List<Unanswered> reasons = obstacles.of(open);
            if (!reasons.equals(open.explained)) {
                open.explained = reasons;
                events.accept(new EngineEvent.QuestionDelayed(open.question.id(), reasons));
            }
        }
    }

    /** The topics whose leaders questions need. */
    Set<String> topicsOfInterest() {
        Set<String> topics = new HashSet<>();
        pending.values().forEach(p -> p.remaining.keySet().forEach(partition -> topics.add(partition.topic())));
        return topics;
    }

    /** Whether any question needs an answer of a leader. */
    boolean waitForLeaders() {
        for (OpenQuestion p : pending.values()) {
            if (!p.remaining.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the leader of a partition whose offset is asked for is not known. */
    boolean missesLeader() {
        for (OpenQuestion p : pending.values()) {
            if (missesLeader(p.remaining.keySet())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a leader is not known that a question needs, also for a position that the application waits for. */
    boolean anyoneMissesLeader() {
        for (OpenQuestion p : pending.values()) {
            if (missesLeader(p.unanswered())) {
                return true;
            }
        }
        return false;
    }

    private boolean missesLeader(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (!cluster.leader(partition).isKnown()) {
                return true;
            }
        }
        return false;
    }

    /** The questions about topics that are due, which any broker can answer. */
    List<OpenQuestion> topicsDue(long nowNanos) {
        if (pending.isEmpty()) {
            return List.of();
        }
        List<OpenQuestion> due = new ArrayList<>();
        for (OpenQuestion p : pending.values()) {
            if (p.question instanceof Question.Topics && !p.topicsAsked && p.retryAtNanos <= nowNanos) {
                due.add(p);
            }
        }
        return due;
    }

    /** The part of a question for one leader. */
    record DueOffsets(OpenQuestion question, int leader, ListOffsetsQuery query) {}

    /** The questions about offsets that are due, with one query for each question and leader. */
    List<DueOffsets> offsetsDue(long nowNanos) {
        if (pending.isEmpty()) {
            return List.of();
        }
        List<DueOffsets> due = new ArrayList<>();
        for (OpenQuestion p : pending.values()) {
            if (p.retryAtNanos > nowNanos || p.remaining.isEmpty()) {
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
            byLeader.forEach((leader, query) -> due.add(new DueOffsets(p, leader, query)));
        }
        return due;
    }

    /** Fails every question that needs an unknown leader, after an error of metadata that a retry cannot remove. */
    void leadersUnattainable(KafkaException cause) {
        for (OpenQuestion p : List.copyOf(pending.values())) {
            if (missesLeader(p.unanswered())) {
                fail(p, cause);
            }
        }
    }

    /** Fails every question about offsets of these topics, which have lasting errors. */
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

    /** Fails every question about the positions of these partitions, whose leader refuses the client's credentials. */
    void positionsUnattainable(Set<TopicPartition> partitions, KafkaException cause) {
        for (OpenQuestion p : List.copyOf(pending.values())) {
            if (p.question instanceof Question.Position position && partitions.contains(position.partition())) {
                fail(p, cause);
            }
        }
    }

    /** Marks the partitions as asked for, after the query was sent. */
    void offsetsAsked(DueOffsets asked) {
        asked.question().asked.addAll(asked.query().partitions().keySet());
    }

    private boolean isOpen(OpenQuestion p) {
        return pending.get(p.question.id()) == p;
    }

    /** Handles a request for topics that was not answered, or that no broker could be asked. */
    void topicsFailed(OpenQuestion p, RequestFailure failure, long nowNanos) {
        p.topicsAsked = false;
        failed(p, failure, nowNanos);
    }

    /** Handles a query that its leader did not answer. */
    void offsetsFailed(DueOffsets asked, RequestFailure failure, long nowNanos) {
        asked.question().asked.removeAll(asked.query().partitions().keySet());
        failed(asked.question(), failure, nowNanos);
    }

    /** Repeats the question after a back-off, or fails it if a retry cannot help. */
    private void failed(OpenQuestion p, RequestFailure failure, long nowNanos) {
        if (!isOpen(p)) {
            return;
        }
        switch (failure.kind()) {
            case AUTHENTICATION, UNSUPPORTED_VERSION -> fail(p, failure.cause());
            case DISCONNECTED, TIMED_OUT, MALFORMED -> {
                p.error = failure.cause();
                retry(p, nowNanos);
            }
        }
    }

    /** Takes over an answer about topics: the question ends, or is repeated after a back-off. */
    void topicsAnswered(OpenQuestion p, MetadataAnswer answer, long nowNanos) {
        p.topicsAsked = false;
        if (!isOpen(p)) {
            return;
        }
        ErrorMeaning whole = BrokerQuestion.METADATA.meaningOf(answer.error());
        if (whole == ErrorMeaning.LASTING) {
            fail(p, answer.error().exception("Asking for topics"));
            return;
        }
        boolean again = whole != ErrorMeaning.ANSWER;
        if (again) {
            p.error = answer.error().exception("Asking for topics");
        }
        BrokerQuestion asked = p.topics().topics() == null ? BrokerQuestion.ALL_TOPICS : BrokerQuestion.TOPIC;
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
            pending.remove(p.question.id());
            events.accept(new EngineEvent.TopicsFound(p.question.id(), answer));
        }
    }

    /**
     * Takes over offsets and errors of an answer; returns whether the query has to be repeated, for which metadata may
     * be outdated.
     */
    boolean offsetsAnswered(DueOffsets asked, ListOffsetsAnswer answer, long nowNanos) {
        OpenQuestion p = asked.question();
        if (!isOpen(p)) {
            return false;
        }
        boolean again = false;
        TopicErrors lasting = new TopicErrors();
        for (TopicPartition partition : asked.query().partitions().keySet()) {
            p.asked.remove(partition);
            ListOffsetsAnswer.PartitionOffset found = answer.partitions().getOrDefault(partition, NOT_IN_THE_ANSWER);
            String asking = "Asking broker " + asked.leader() + " for an offset of " + partition;
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
            events.accept(new EngineEvent.OffsetsFound(offsets.id(), p.found));
        }
    }

    private void retry(OpenQuestion p, long nowNanos) {
        p.retryAtNanos = nowNanos + backoff.delayNanos(++p.failures);
        obstacles.changed();
    }

    private void fail(OpenQuestion p, KafkaException cause) {
        pending.remove(p.question.id());
        events.accept(new EngineEvent.QuestionFailed(p.question.id(), cause));
    }

    /** The next end of a question's back-off, in nanoseconds of the loop's clock, or {@link Long#MAX_VALUE}. */
    long nextDue(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (OpenQuestion p : pending.values()) {
            if (p.retryAtNanos > nowNanos) {
                next = Math.min(next, p.retryAtNanos);
            }
        }
        return next;
    }
}
