package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.error.TopicErrors;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.time.Deadline;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Keeps {@link Cluster} up to date with metadata from any broker. Owned by the loop's thread. */
public final class MetadataExchange implements Requester {
    /**
     * A request for brokers, topics and leaders.
     *
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record MetadataRequest(int nodeId, MetadataQuery query, long timeoutNanos)
            implements Request<MetadataResponse> {
        @Override
        public Class<MetadataResponse> answerType() {
            return MetadataResponse.class;
        }
    }

    /** The answer to a {@link MetadataRequest}. */
    public record MetadataResponse(MetadataAnswer answer) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }
    }

    private enum Due implements Deadlines.Name {
        /** Metadata has grown too old, or the back-off of a refresh ends. */
        METADATA_REFRESH
    }

    /** Gets the partitions that a metadata answer has changed. */
    interface LeadersListener {
        /** @param partitions the partitions whose leader, leader epoch or topic id has changed */
        void changed(Set<TopicPartition> partitions, long nowNanos);
    }

    private final EngineSettings settings;
    private final Cluster cluster;
    private final Positions positions;
    private final Questions questions;
    private final Obstacles obstacles;
    private final AnyBroker anyBroker;
    private final MetadataRefresh refresh;
    private final Reachability reachability;
    private final LeadersListener leadersChanged;
    private final KnownBrokers knownBrokers;
    private final @Nullable Group group;
    private final Consumer<EngineEvent> events;
    private final AbsenceReports absences;
    private final Set<String> assignedTopics = new TreeSet<>();
    /** The topics read of which the last answers have told lasting errors. */
    private final Set<String> refused = new TreeSet<>();

    private @Nullable String clusterId;

    MetadataExchange(
            EngineSettings settings,
            Cluster cluster,
            Positions positions,
            Questions questions,
            Obstacles obstacles,
            AnyBroker anyBroker,
            MetadataRefresh refresh,
            Reachability reachability,
            LeadersListener leadersChanged,
            KnownBrokers knownBrokers,
            @Nullable Group group,
            Consumer<EngineEvent> events) {
        this.settings = settings;
        this.cluster = cluster;
        this.positions = positions;
        this.questions = questions;
        this.obstacles = obstacles;
        this.anyBroker = anyBroker;
        this.refresh = refresh;
        this.reachability = reachability;
        this.leadersChanged = leadersChanged;
        this.knownBrokers = knownBrokers;
        this.group = group;
        this.events = events;
        this.absences = new AbsenceReports(cluster, positions, events);
    }

    /**
     * Follows a changed assignment: removes topics that nobody here asks about any more, and requests metadata of new
     * ones. Topics that the group reads stay known while they are revoked: a rebalance then waits for no metadata, and
     * one that is created anew in the middle of it is noticed by its id.
     */
    void assignmentChanged() {
        Set<String> before = topicsRead();
        assignedTopics.clear();
        positions
                .all()
                .forEach(partition -> assignedTopics.add(partition.partition().topic()));
        cluster.retain(interest());
        if (!refused.isEmpty()) {
            refused.retainAll(topicsRead());
            takeBackRefusal();
        }
        if (!before.containsAll(assignedTopics) || !leadersKnown()) {
            refresh.request();
        }
    }

    private boolean leadersKnown() {
        return positions.all().stream()
                .allMatch(partition -> cluster.leader(partition.partition()).isKnown());
    }

    /** A refresh that is due now waits for a broker, so it has no deadline. */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        boolean nothingToKnow = assignedTopics.isEmpty() && !questions.waitForLeaders() && !isGroupInterested();
        boolean waits = nothingToKnow || refresh.nextDue() <= nowNanos;
        deadlines.enter(Due.METADATA_REFRESH, waits ? Deadline.NEVER : refresh.nextDue());
    }

    private Set<String> interest() {
        Set<String> topics = questions.topicsOfInterest();
        topics.addAll(topicsRead());
        return topics;
    }

    /** The topics that are assigned, or of interest to the group. */
    private Set<String> topicsRead() {
        Set<String> topics = new TreeSet<>(assignedTopics);
        if (group != null) {
            topics.addAll(group.topicsOfInterest());
        }
        return topics;
    }

    private boolean isGroupInterested() {
        return group != null
                && (group.needsAllTopics() || !group.topicsOfInterest().isEmpty());
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        if (questions.missesLeader()) {
            refresh.request();
        }
        endWhereRefused(outbox);
        if (!refresh.due(turn.nowNanos())) {
            return;
        }
        Set<String> topics = interest();
        if (group != null && group.needsAllTopics()) {
            ask(outbox, new MetadataQuery(null, settings.allowAutoTopicCreation()), turn.nowNanos());
        } else if (!topics.isEmpty()) {
            ask(outbox, new MetadataQuery(topics, mayCreate(topics)), turn.nowNanos());
        }
    }

    /** A topic may be created for who begins to read it, and not again when somebody has deleted it meanwhile. */
    private boolean mayCreate(Set<String> topics) {
        return settings.allowAutoTopicCreation() && topics.stream().anyMatch(cluster::isNew);
    }

    private void ask(Outbox outbox, MetadataQuery query, long nowNanos) {
        BrokerChoice.Choice choice = anyBroker.choose(outbox, nowNanos);
        if (choice.failure() != null) {
            failed(choice.failure(), nowNanos);
            reachability.raiseRefusal(choice.failure());
        } else if (choice.found()) {
            MetadataRequest request = new MetadataRequest(
                    choice.nodeId(), query, settings.timeouts().answerNanos());
            if (outbox.send(request, new RefreshReply(query.topics() == null))) {
                refresh.sent();
            }
        }
    }

    private final class RefreshReply implements Reply<MetadataResponse> {
        /** Whether the request is about all topics. */
        private final boolean all;

        RefreshReply(boolean all) {
            this.all = all;
        }

        @Override
        public void answered(MetadataResponse described, long nowNanos) {
            MetadataAnswer answer = described.answer();
            leadersChanged.changed(MetadataExchange.this.answered(answer, nowNanos), nowNanos);
            if (group != null && !isFailed(answer)) {
                group.metadataAnswered(answer, all, nowNanos);
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            reachability.raiseUnsupported(failure);
            MetadataExchange.this.failed(failure, nowNanos);
        }
    }

    /**
     * Ends questions that wait for a leader if credentials were refused. A refusal is valid until the next attempt to
     * connect.
     */
    private void endWhereRefused(Outbox outbox) {
        RequestFailure refusal = questions.anyoneMissesLeader() ? anyBroker.standingRefusal(outbox) : null;
        if (refusal != null) {
            questions.leadersUnattainable(refusal.cause());
        }
    }

    /** Handles a failed request for metadata, or that no broker could be asked. */
    private void failed(RequestFailure failure, long nowNanos) {
        obstacles.metadataFailed(failure.cause());
        if (failure.isRefusal() || failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
            questions.leadersUnattainable(failure.cause());
        }
        failed(nowNanos);
    }

    private void failed(long nowNanos) {
        anyBroker.metadataFailed(nowNanos);
        refresh.failed(nowNanos);
    }

    private static boolean isFailed(MetadataAnswer answer) {
        return answer.error() != BrokerError.NONE || answer.brokers().isEmpty();
    }

    /** Takes over an answer; returns the partitions whose leader, leader epoch or topic id has changed. */
    private Set<TopicPartition> answered(MetadataAnswer answer, long nowNanos) {
        if (isFailed(answer)) {
            failedAsAWhole(answer);
            failed(nowNanos);
            if (answer.error() == BrokerError.REBOOTSTRAP_REQUIRED) {
                anyBroker.rebootstrapRequired(nowNanos);
            }
            return Set.of();
        }
        anyBroker.metadataAnswered();
        if (answer.clusterId() != null && !answer.clusterId().equals(clusterId)) {
            clusterId = answer.clusterId();
            events.accept(new EngineEvent.ClusterIdentified(clusterId));
        }
        Set<String> interest = interest();
        Set<TopicPartition> changed = cluster.update(only(interest, answer), nowNanos);
        cluster.retain(interest);
        absences.metadataAnswered(topicsRead(), clusterId, nowNanos);
        refuseTopics(answer);
        obstacles.metadataAnswered(answer, interest);
        boolean satisfied = leadersKnown() && !questions.missesLeader() && (group == null || !group.misses(answer));
        refresh.answered(satisfied, nowNanos);
        knownBrokers.announce();
        return changed;
    }

    /** Leaves out topics that nobody here asks about, as an answer about all topics has them. */
    private static MetadataAnswer only(Set<String> interest, MetadataAnswer answer) {
        return new MetadataAnswer(
                answer.error(),
                answer.throttleTimeMs(),
                answer.clusterId(),
                answer.brokers(),
                answer.topics().stream()
                        .filter(topic -> interest.contains(topic.name()))
                        .toList());
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

    /** Reports topics with lasting errors: to the questions about them, and in the next poll if they are assigned. */
    private void refuseTopics(MetadataAnswer answer) {
        TopicErrors errors = new TopicErrors();
        for (TopicMetadata topic : answer.topics()) {
            if (BrokerQuestion.LEADERS.meaningOf(topic.error()) == ErrorMeaning.LASTING) {
                errors.add(topic.name(), topic.error(), topic.errorCode());
            }
        }
        questions.topicsRefused(errors);
        TopicErrors read = errors.of(topicsRead());
        boolean wereRefused = !refused.isEmpty();
        answer.topics().forEach(topic -> refused.remove(topic.name()));
        Set<String> refusedNow = read.topics();
        refused.addAll(refusedNow);
        if (!read.isEmpty()) {
            events.accept(new EngineEvent.TopicsRefused(refusedNow, read.exception()));
        } else if (wereRefused) {
            takeBackRefusal();
        }
    }

    /** What was refused is taken back with the last of the topics that it was about. */
    private void takeBackRefusal() {
        if (refused.isEmpty()) {
            events.accept(new EngineEvent.TopicsRefused(Set.of(), null));
        }
    }
}
