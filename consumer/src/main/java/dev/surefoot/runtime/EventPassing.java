package dev.surefoot.runtime;

import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.net.Transport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Passes each event of the engine to whom it is for, on the loop's thread; a visit returns whether the application may
 * wait for the event. Keeps the questions that are open. The other methods are safe from any thread.
 */
final class EventPassing implements EngineEvent.Visitor<Boolean> {
    private final Handover handover;
    private final Transport transport;
    private final EventLog log;
    private final ProgressBoard board;
    private final ClusterListeners clusterListeners;
    private final Consumer<GroupEvent> groupEvents;

    private final Map<Long, Loop.PendingQuestion> questions = new ConcurrentHashMap<>();
    private final AtomicLong questionIds = new AtomicLong();
    /** The replica that a partition is read from instead of its leader. */
    private final Map<TopicPartition, Integer> readReplicas = new ConcurrentHashMap<>();

    private volatile Set<String> matchedTopics = Set.of();

    /** @param groupEvents takes what happens to a membership */
    EventPassing(
            Handover handover,
            Transport transport,
            EventLog log,
            ProgressBoard board,
            ClusterListeners clusterListeners,
            Consumer<GroupEvent> groupEvents) {
        this.groupEvents = groupEvents;
        this.handover = handover;
        this.transport = transport;
        this.log = log;
        this.board = board;
        this.clusterListeners = clusterListeners;
    }

    Loop.PendingQuestion open() {
        long id = questionIds.incrementAndGet();
        Loop.PendingQuestion pending =
                new Loop.PendingQuestion(id, new CompletableFuture<>(), new AtomicReference<>(List.of()));
        questions.put(id, pending);
        return pending;
    }

    void forget(Loop.PendingQuestion question) {
        questions.remove(question.id());
    }

    /** Fails every question. */
    void fail(KafkaException cause) {
        questions.values().forEach(pending -> pending.answer().completeExceptionally(cause));
    }

    private void complete(long questionId, EngineEvent event) {
        Loop.PendingQuestion pending = questions.remove(questionId);
        if (pending != null) {
            pending.answer().complete(event);
        }
    }

    int readReplica(TopicPartition partition) {
        return readReplicas.getOrDefault(partition, -1);
    }

    Set<String> matchedTopics() {
        return matchedTopics;
    }

    @Override
    public Boolean delivered(EngineEvent.Delivered event) {
        handover.deliver(event.delivery());
        return true;
    }

    @Override
    public Boolean brokersChanged(EngineEvent.BrokersChanged event) {
        transport.brokers(event.brokers());
        return false;
    }

    @Override
    public Boolean clusterIdentified(EngineEvent.ClusterIdentified event) {
        clusterListeners.identified(event.clusterId());
        return false;
    }

    @Override
    public Boolean topicsFound(EngineEvent.TopicsFound event) {
        complete(event.questionId(), event);
        return true;
    }

    @Override
    public Boolean offsetsFound(EngineEvent.OffsetsFound event) {
        complete(event.questionId(), event);
        return true;
    }

    @Override
    public Boolean questionFailed(EngineEvent.QuestionFailed event) {
        complete(event.questionId(), event);
        return true;
    }

    @Override
    public Boolean questionDelayed(EngineEvent.QuestionDelayed event) {
        Loop.PendingQuestion pending = questions.get(event.questionId());
        if (pending != null) {
            pending.unanswered().set(event.unanswered());
        }
        return false;
    }

    @Override
    public Boolean raised(EngineEvent.Raised event) {
        handover.raise(event.cause());
        return true;
    }

    @Override
    public Boolean topicsRefused(EngineEvent.TopicsRefused event) {
        handover.refuse(event.topics(), event.cause());
        return event.cause() != null;
    }

    @Override
    public Boolean sessionDisturbed(EngineEvent.SessionDisturbed event) {
        log.disturbed(event);
        return false;
    }

    @Override
    public Boolean readReplicaChanged(EngineEvent.ReadReplicaChanged event) {
        if (event.replica() < 0) {
            readReplicas.remove(event.partition());
        } else {
            readReplicas.put(event.partition(), event.replica());
        }
        return false;
    }

    @Override
    public Boolean fetchFailed(EngineEvent.FetchFailed event) {
        log.fetchFailed(event);
        return false;
    }

    @Override
    public Boolean faultLasts(EngineEvent.FaultLasts event) {
        log.faultLasts(event);
        return false;
    }

    @Override
    public Boolean linkTooSlow(EngineEvent.LinkTooSlow event) {
        log.tooSlow(event);
        return false;
    }

    @Override
    public Boolean positionLost(EngineEvent.PositionLost event) {
        log.lost(event);
        return false;
    }

    @Override
    public Boolean topicAbsent(EngineEvent.TopicAbsent event) {
        if (!board.isAssigned(event.topic())) { // a stall of an assigned partition has a line of its own
            log.absent(event);
        }
        return false;
    }

    @Override
    public Boolean partitionAbsent(EngineEvent.PartitionAbsent event) {
        log.absent(event);
        return false;
    }

    @Override
    public Boolean absenceEnded(EngineEvent.AbsenceEnded event) {
        if (!board.isAssigned(event.name())) {
            log.absenceEnded(event);
        }
        return false;
    }

    @Override
    public Boolean committedFound(EngineEvent.CommittedFound event) {
        complete(event.questionId(), event);
        return true;
    }

    @Override
    public Boolean readAgain(EngineEvent.ReadAgain event) {
        handover.readAgain(event.partition(), event.generation());
        return true;
    }

    @Override
    public Boolean noticed(EngineEvent.Noticed event) {
        handover.notices().add(event.notice());
        return true;
    }

    @Override
    public Boolean noticeSuperseded(EngineEvent.NoticeSuperseded event) {
        handover.notices().supersede(event.notice());
        return true;
    }

    @Override
    public Boolean topicsMatched(EngineEvent.TopicsMatched event) {
        matchedTopics = event.topics();
        return false;
    }

    @Override
    public Boolean groupReported(EngineEvent.GroupReported event) {
        groupEvents.accept(event.event());
        return false;
    }
}
