package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.engine.BrokerLink.Purpose;
import dev.surefoot.core.engine.BrokerLink.Readiness;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.error.TopicErrors;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.time.Backoff;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the cluster's picture fresh, and finds a broker for everything that any broker can answer. It knows nothing of fetch
 * sessions. Owned by the loop's thread.
 */
final class MetadataKeeper {
    private static final int NOBODY = Integer.MIN_VALUE;

    private final EngineSettings settings;
    private final Cluster cluster;
    private final Positions positions;
    private final Questions questions;
    private final Obstacles obstacles;
    private final MetadataRefresh refresh;
    private final Consumer<EngineEvent> events;
    private final Set<String> assignedTopics = new TreeSet<>();
    private int turnOfBroker;
    /** The broker that refused the credentials when metadata could last not be had, or {@link #NOBODY}. */
    private int refusedBy = NOBODY;

    private boolean failing;
    private long failingSince;
    private @Nullable String clusterId;
    private List<Node> announced = List.of();

    MetadataKeeper(
            EngineSettings settings,
            Cluster cluster,
            Positions positions,
            Questions questions,
            Obstacles obstacles,
            Backoff backoff,
            Consumer<EngineEvent> events) {
        this.settings = settings;
        this.cluster = cluster;
        this.positions = positions;
        this.questions = questions;
        this.obstacles = obstacles;
        this.refresh = new MetadataRefresh(settings.metadataMaxAgeNanos(), backoff);
        this.events = events;
    }

    void request() {
        refresh.request();
    }

    /** Other partitions are assigned: forgets topics that are of interest no more, and asks for new ones. */
    void assignmentChanged() {
        Set<String> before = Set.copyOf(assignedTopics);
        assignedTopics.clear();
        positions
                .all()
                .forEach(partition -> assignedTopics.add(partition.partition().topic()));
        before.stream().filter(topic -> !assignedTopics.contains(topic)).forEach(cluster::forget);
        if (!before.containsAll(assignedTopics)) {
            refresh.request();
        }
    }

    /** When metadata is due that is not yet; what is due by now waits for a broker, not for the time. */
    long nextDue(long nowNanos) {
        boolean nothingToKnow = assignedTopics.isEmpty() && !questions.waitForLeaders();
        return nothingToKnow || refresh.nextDue() <= nowNanos ? Long.MAX_VALUE : refresh.nextDue();
    }

    private Set<String> interest() {
        Set<String> topics = questions.topicsOfInterest();
        topics.addAll(assignedTopics);
        return topics;
    }

    /** Sends what any broker can answer; returns the failure if no broker can be asked. */
    @Nullable RequestFailure dispatch(BrokerLink link, long nowNanos) {
        RequestFailure failure = null;
        for (Question.Topics question : questions.topicsDue(nowNanos)) {
            Choice choice = choose(link, nowNanos);
            if (choice.failure() != null) {
                failure = choice.failure();
                questions.unreachable(question, choice.failure(), nowNanos);
            } else if (choice.found()) {
                Request.Metadata request = Questions.request(choice.nodeId(), question);
                if (link.send(request, nowNanos)) {
                    questions.sent(request, question);
                }
            }
        }
        if (questions.missesLeader()) {
            refresh.request();
        }
        endWhereRefused(link, nowNanos);
        Set<String> topics = refresh.due(nowNanos) ? interest() : Set.of();
        if (!topics.isEmpty()) {
            Choice choice = choose(link, nowNanos);
            MetadataQuery query = new MetadataQuery(topics, settings.allowAutoTopicCreation());
            if (choice.failure() != null) {
                failure = choice.failure();
                failed(failure, nowNanos);
            } else if (choice.found() && link.send(new Request.Metadata(choice.nodeId(), query), nowNanos)) {
                refresh.sent();
            }
        }
        return failure;
    }

    /** Refused credentials stay refused until the next attempt: a question that comes meanwhile has its answer. */
    private void endWhereRefused(BrokerLink link, long nowNanos) {
        if (refusedBy == NOBODY || !questions.anyoneMissesLeader()) {
            return;
        }
        Readiness readiness = link.readiness(refusedBy, Purpose.CONTROL, nowNanos);
        if (readiness instanceof Readiness.Failed failed && failed.failure().isRefusal()) {
            questions.leadersUnattainable(failed.failure().cause());
        } else {
            refusedBy = NOBODY;
        }
    }

    /** A broker to ask, or none yet, or none at all for the reason given. */
    private record Choice(
            int nodeId, boolean found, @Nullable RequestFailure failure) {}

    /** Asks known brokers first, beginning with the one that served last; bootstrap servers when there is no other way. */
    private Choice choose(BrokerLink link, long nowNanos) {
        List<Integer> known = cluster.brokers().stream().map(Node::id).sorted().toList();
        Choice choice = choose(known, link, nowNanos);
        boolean hopeless =
                choice.failure() != null || (failing && nowNanos - failingSince >= settings.rebootstrapTriggerNanos());
        boolean nobodyElse = known.isEmpty() || (hopeless && settings.rebootstrap());
        if (!nobodyElse) {
            return choice;
        }
        Choice bootstrap = choose(link.bootstrapIds(), link, nowNanos);
        return new Choice(bootstrap.nodeId(), bootstrap.found(), graver(choice.failure(), bootstrap.failure()));
    }

    private Choice choose(List<Integer> candidates, BrokerLink link, long nowNanos) {
        RequestFailure last = null;
        for (int tried = 0; tried < candidates.size(); tried++) {
            int nodeId = candidates.get(Math.floorMod(turnOfBroker, candidates.size()));
            Readiness readiness = link.readiness(nodeId, Purpose.CONTROL, nowNanos);
            if (readiness instanceof Readiness.Failed failed) {
                obstacles.brokerFailed(nodeId, failed.failure().cause());
                if (failed.failure().isRefusal()) {
                    refusedBy = nodeId;
                }
                last = graver(last, failed.failure());
                turnOfBroker++;
            } else {
                return new Choice(nodeId, readiness instanceof Readiness.Ready, null);
            }
        }
        return new Choice(-1, false, last);
    }

    /** Refused credentials are what the application has to know of, whoever else cannot be reached; else the last failure. */
    private static @Nullable RequestFailure graver(@Nullable RequestFailure before, @Nullable RequestFailure last) {
        return last != null && before != null && before.isRefusal() ? before : last;
    }

    /** A question of the application was not answered: if any broker could have, the next one is asked. */
    void questionFailed(Request request) {
        if (request instanceof Request.Metadata) {
            turnOfBroker++;
        }
        refresh.request();
    }

    /** Metadata could not be had, from one broker or from any. */
    void failed(RequestFailure failure, long nowNanos) {
        obstacles.metadataFailed(failure.cause());
        if (failure.isRefusal() || failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
            questions.leadersUnattainable(failure.cause());
        }
        failed(nowNanos);
    }

    private void failed(long nowNanos) {
        turnOfBroker++;
        if (!failing) {
            failing = true;
            failingSince = nowNanos;
        }
        refresh.failed(nowNanos);
    }

    /** Takes over an answer; returns the partitions whose leader, leader epoch or topic id has changed. */
    Set<TopicPartition> answered(MetadataAnswer answer, long nowNanos) {
        if (answer.error() != BrokerError.NONE || answer.brokers().isEmpty()) {
            failedAsAWhole(answer);
            failed(nowNanos);
            if (answer.error() == BrokerError.REBOOTSTRAP_REQUIRED) {
                failingSince = nowNanos - settings.rebootstrapTriggerNanos();
            }
            return Set.of();
        }
        failing = false;
        refusedBy = NOBODY;
        if (answer.clusterId() != null && !answer.clusterId().equals(clusterId)) {
            clusterId = answer.clusterId();
            events.accept(new EngineEvent.ClusterIdentified(clusterId));
        }
        Set<TopicPartition> changed = cluster.update(answer);
        refuseTopics(answer);
        obstacles.metadataAnswered(answer, interest());
        boolean leadersKnown = positions.all().stream()
                        .allMatch(partition ->
                                cluster.leader(partition.partition()).isKnown())
                && !questions.missesLeader();
        refresh.answered(leadersKnown, nowNanos);
        List<Node> brokers = List.copyOf(answer.brokers());
        if (!brokers.equals(announced)) {
            announced = brokers;
            events.accept(new EngineEvent.BrokersChanged(brokers));
        }
        return changed;
    }

    private void failedAsAWhole(MetadataAnswer answer) {
        KafkaException cause = answer.error() == BrokerError.NONE
                ? new KafkaException("The cluster names no brokers")
                : answer.error().exception("Asking for metadata");
        obstacles.metadataFailed(cause);
        if (BrokerQuestion.METADATA.meaningOf(answer.error()) == ErrorMeaning.LASTING) {
            events.accept(new EngineEvent.Raised(cause));
            questions.leadersUnattainable(cause);
        }
    }

    /** Tells whoever waits for a topic that no retry will bring: questions of theirs, and the assignment in the next poll. */
    private void refuseTopics(MetadataAnswer answer) {
        TopicErrors errors = new TopicErrors();
        for (TopicMetadata topic : answer.topics()) {
            if (BrokerQuestion.LEADERS.meaningOf(topic.error()) == ErrorMeaning.LASTING) {
                errors.add(topic.name(), topic.error(), topic.errorCode());
            }
        }
        questions.topicsRefused(errors);
        TopicErrors assigned = errors.of(assignedTopics);
        if (!assigned.isEmpty()) {
            events.accept(new EngineEvent.Raised(assigned.exception()));
        }
    }
}
