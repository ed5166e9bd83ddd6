package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.engine.BrokerLink.Purpose;
import dev.surefoot.core.engine.BrokerLink.Readiness;
import dev.surefoot.core.fetch.AnsweredFetch;
import dev.surefoot.core.fetch.ByteBudget;
import dev.surefoot.core.fetch.FetchGrant;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.position.PositionLookups;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The one router of the core. In each turn the loop gives it the application's commands and the outcomes of requests, lets it
 * {@link #dispatch} what is due, and takes its events ({@link #pollEvent}) until there are none. It has no thread, clock or
 * socket of its own. Owned by the loop's thread.
 */
public final class Engine {
    private final EngineSettings settings;
    private final Cluster cluster = new Cluster();
    private final Positions positions;
    private final PositionLookups lookups;
    private final PositionRepair repair;
    private final Fetcher fetcher;
    private final Obstacles obstacles = new Obstacles(cluster);
    private final Questions questions;
    private final MetadataKeeper metadata;
    private final Reachability reachability;
    private final Reactions reactions = new Reactions();

    private final ArrayDeque<EngineEvent> events = new ArrayDeque<>();
    private final IdentityHashMap<Request, Long> lookupSequences = new IdentityHashMap<>();

    private long nowNanos;
    private boolean starved;
    private boolean farAhead;

    /**
     * @param sessions makes the fetch session of each broker
     * @param random where all jitter comes from
     */
    public Engine(EngineSettings settings, FetchSession.Factory sessions, SplittableRandom random) {
        this.settings = settings;
        this.positions = new Positions(backoff(random));
        this.repair = new PositionRepair(cluster, positions, settings.reset());
        this.lookups = new PositionLookups(cluster, positions, repair, settings.readCommitted());
        this.questions = new Questions(cluster, obstacles, backoff(random), settings.readCommitted());
        this.metadata =
                new MetadataKeeper(settings, cluster, positions, questions, obstacles, backoff(random), events::add);
        this.reachability = new Reachability(obstacles, metadata, events::add);
        ByteBudget budget = new ByteBudget(settings.bufferBytes(), settings.fetchMaxBytes());
        this.fetcher =
                new Fetcher(cluster, positions, repair, budget, settings.fetchLimits(), sessions, backoff(random));
    }

    private Backoff backoff(SplittableRandom random) {
        return new Backoff(settings.retryBackoffNanos(), settings.retryBackoffMaxNanos(), random.split());
    }

    // Commands of the application, in the order in which it gave them.

    /** Replaces the assignment; new partitions start where {@code auto.offset.reset} says unless they are sought. */
    public void assign(Map<TopicPartition, Long> generations) {
        positions.assign(generations, settings.reset()).forEach(gone -> apply(fetcher.revoke(gone, nowNanos)));
        metadata.assignmentChanged();
        obstacles.assigned(generations.keySet());
    }

    /** Moves a partition; does nothing if it is assigned no more. */
    public void seek(TopicPartition name, long generation, FetchPosition position) {
        TrackedPartition partition = positions.get(name);
        if (partition != null) {
            PartitionLeader leader = cluster.leader(name);
            positions.seek(partition, generation, position, leader.topicId(), leader.leaderEpoch());
            apply(fetcher.route(partition, nowNanos));
        }
    }

    /** Moves a partition to wherever the strategy finds; does nothing if it is assigned no more. */
    public void seek(TopicPartition name, long generation, ResetStrategy strategy) {
        TrackedPartition partition = positions.get(name);
        if (partition != null) {
            positions.seek(partition, generation, strategy);
            obstacles.positionMoved(name);
            apply(fetcher.route(partition, nowNanos));
        }
    }

    /** Fetches again what the application has let go of; does nothing if the partition is assigned no more. */
    public void fetchAgain(TopicPartition name, Yielded yielded) {
        TrackedPartition partition = positions.get(name);
        if (partition == null) {
            return;
        }
        if (partition.isInThisTopic(yielded.topicId())) {
            seek(name, yielded.generation(), yielded.position());
        } else {
            apply(repair.yielded(partition, yielded));
        }
    }

    /** Stops or resumes fetching these partitions. What is already under way is delivered and waits in its lane. */
    public void pause(Collection<TopicPartition> names, boolean pause) {
        for (TopicPartition name : names) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                positions.pause(partition, pause);
                apply(fetcher.route(partition, nowNanos));
            }
        }
    }

    public void ask(Question question) {
        questions.ask(question);
        events.addAll(questions.takeEvents());
    }

    public void cancelQuestion(long id) {
        questions.cancel(id);
    }

    // Outcomes of requests, each exactly once.

    public void answered(Request request, Answer answer, long now) {
        nowNanos = now;
        obstacles.brokerAnswered(request.nodeId());
        if (request instanceof Request.Fetch fetch && answer instanceof Answer.Fetch fetched) {
            try {
                fetchAnswered(
                        fetch.nodeId(),
                        fetcher.answered(
                                fetch.nodeId(),
                                fetch.plan(),
                                fetched.answer(),
                                fetched.requestBytes(),
                                fetched.responseBytes(),
                                now));
            } finally {
                fetched.answer().lease().release();
            }
        } else if (request instanceof Request.Metadata && answer instanceof Answer.Metadata described) {
            if (questions.owns(request)) {
                questions.answered(request, described.answer(), now);
            } else {
                metadataAnswered(described.answer());
            }
        } else if (request instanceof Request.ListOffsets offsets && answer instanceof Answer.ListOffsets found) {
            if (questions.owns(request)) {
                if (questions.answered(offsets, found.answer(), now)) {
                    metadata.request();
                }
            } else {
                apply(lookups.answered(offsets.query(), found.answer(), sequenceOf(request), now));
            }
        } else if (request instanceof Request.OffsetForLeaderEpoch epochs
                && answer instanceof Answer.OffsetForLeaderEpoch ends) {
            apply(lookups.answered(epochs.query(), ends.answer(), sequenceOf(request), now));
        } else {
            throw new IllegalArgumentException("an answer that does not fit: " + answer + " to " + request);
        }
        events.addAll(questions.takeEvents());
    }

    public void failed(Request request, RequestFailure failure, long now) {
        nowNanos = now;
        reachability.failed(request.nodeId(), failure);
        if (failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION && isNeeded(request)) {
            events.add(new EngineEvent.Raised(failure.cause()));
        }
        if (request instanceof Request.Fetch fetch) {
            apply(fetcher.failed(fetch.nodeId(), fetch.plan(), failure.kind().isAnswer(), now));
        } else if (questions.owns(request)) {
            questions.failed(request, failure, now);
            metadata.questionFailed(request);
        } else if (request instanceof Request.Metadata) {
            metadata.failed(failure, now);
        } else if (request instanceof Request.ListOffsets offsets) {
            lookups.failed(offsets.query().partitions().keySet(), sequenceOf(request), now);
            metadata.request();
        } else if (request instanceof Request.OffsetForLeaderEpoch epochs) {
            epochsFailed(epochs, failure, now);
        }
        events.addAll(questions.takeEvents());
    }

    /** Whether reading cannot go on without an answer, and no question has the failure for its own. */
    private boolean isNeeded(Request request) {
        return !(request instanceof Request.OffsetForLeaderEpoch) && !questions.owns(request);
    }

    private void epochsFailed(Request.OffsetForLeaderEpoch epochs, RequestFailure failure, long now) {
        Collection<TopicPartition> partitions = epochs.query().partitions().keySet();
        if (failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
            apply(lookups.cannotValidate(partitions, sequenceOf(epochs)));
        } else {
            lookups.failed(partitions, sequenceOf(epochs), now);
            metadata.request();
        }
    }

    private long sequenceOf(Request request) {
        return Objects.requireNonNull(lookupSequences.remove(request), "a lookup that was never sent");
    }

    private void metadataAnswered(MetadataAnswer answer) {
        for (TopicPartition changed : metadata.answered(answer, nowNanos)) {
            TrackedPartition partition = positions.get(changed);
            if (partition != null) {
                leaderChanged(partition);
            }
        }
    }

    private void leaderChanged(TrackedPartition partition) {
        PartitionLeader leader = cluster.leader(partition.partition());
        if (partition.isRecreatedAs(leader.topicId())) {
            apply(repair.recreated(partition));
        } else {
            positions.leaderChanged(partition, leader.topicId(), leader.leaderEpoch());
            apply(fetcher.route(partition, nowNanos));
        }
    }

    // Requests.

    /** Hands over every request that is due and can be sent. */
    public void dispatch(BrokerLink link, Turn turn) {
        nowNanos = turn.nowNanos();
        positions.endBackOffs(nowNanos).forEach(partition -> apply(fetcher.route(partition, nowNanos)));
        apply(fetcher.expireReplicas(nowNanos));
        apply(lookups.onTurn(nowNanos));
        Map<Integer, ListOffsetsQuery> offsets = lookups.offsets(nowNanos, turn.epochMillis());
        Map<Integer, OffsetForLeaderEpochQuery> epochs = lookups.epochs(nowNanos);
        offsets.forEach((leader, query) -> lookUp(
                link, new Request.ListOffsets(leader, query), query.partitions().keySet()));
        epochs.forEach((leader, query) -> lookUp(
                link,
                new Request.OffsetForLeaderEpoch(leader, query),
                query.partitions().keySet()));
        questions.offsetsDue(nowNanos).forEach(request -> putQuestion(link, request));
        dispatchFetches(link, turn);
        // Last, as all of the above may find that metadata is wanted.
        RequestFailure failure = metadata.dispatch(link, nowNanos);
        if (failure != null) {
            reachability.raiseRefusal(failure);
        }
        questions.explain();
        events.addAll(questions.takeEvents());
    }

    private void putQuestion(BrokerLink link, Request.ListOffsets request) {
        Readiness readiness = reachability.readiness(link, request, nowNanos);
        if (readiness instanceof Readiness.Failed failed && failed.failure().isRefusal()) {
            questions.failed(request, failed.failure(), nowNanos);
        } else if (readiness instanceof Readiness.Ready && link.send(request, nowNanos)) {
            questions.sent(request);
        } else {
            questions.unsent(request);
        }
    }

    private void lookUp(BrokerLink link, Request request, Set<TopicPartition> partitions) {
        Readiness readiness = reachability.readiness(link, request, nowNanos);
        if (readiness instanceof Readiness.Failed failed && failed.failure().isRefusal()) {
            questions.positionsUnattainable(partitions, failed.failure().cause());
        } else if (readiness instanceof Readiness.Ready && link.send(request, nowNanos)) {
            lookupSequences.put(request, positions.sequence());
            lookups.asked(partitions);
        }
    }

    private void dispatchFetches(BrokerLink link, Turn turn) {
        starved = false;
        farAhead = false;
        for (int nodeId : fetcher.due(nowNanos)) {
            fetcher.updateWindow(nodeId, turn.applicationWaits());
            FetchGrant grant = fetcher.grant(nodeId, turn.heldBytes(), turn.capacityBytes());
            if (grant.kind() == FetchGrant.Kind.FAR_AHEAD) {
                farAhead = true;
                continue;
            }
            if (grant.kind() == FetchGrant.Kind.STARVED) {
                starved = true;
                return;
            }
            Readiness readiness = link.readiness(nodeId, Purpose.FETCH, nowNanos);
            if (readiness instanceof Readiness.Ready ready) {
                FetchPlan plan = fetcher.plan(nodeId, ready.topicIds(), ready.sessions(), nowNanos);
                if (link.send(new Request.Fetch(nodeId, plan, grant.bytes()), nowNanos)) {
                    fetcher.sent(nodeId, plan, grant.bytes());
                }
            } else if (readiness instanceof Readiness.Failed failed) {
                reachability.failed(nodeId, failed.failure());
                apply(fetcher.unreachable(nodeId, nowNanos));
            }
        }
    }

    /** Whether a fetch waits for the application to give back memory, as there is none left. */
    public boolean starved() {
        return starved;
    }

    /** Whether a fetch waits until the application has read more, or finds nothing to read. */
    public boolean farAhead() {
        return farAhead;
    }

    /**
     * When a turn is due if nothing else happens, or {@link Long#MAX_VALUE}. To be asked after {@link #dispatch}: what was due
     * then and could not be sent waits for its broker, and the link knows when that is ready.
     */
    public long nextDeadline() {
        long next = Math.min(positions.nextRetryNanos(), questions.nextDue(nowNanos));
        next = Math.min(next, fetcher.nextDue(nowNanos));
        return Math.min(next, metadata.nextDue(nowNanos));
    }

    /** What has come about, in order, or null when there is no more. */
    public @Nullable EngineEvent pollEvent() {
        return events.poll();
    }

    public FetchTally tally() {
        return fetcher.tally();
    }

    /** Ends all sessions; returns the requests that close them at their brokers, whose outcomes are not to be reported here. */
    public List<Request> close() {
        List<Request> closing = new ArrayList<>();
        fetcher.close().forEach((nodeId, plan) -> closing.add(new Request.Fetch(nodeId, plan, 0)));
        return closing;
    }

    private void fetchAnswered(int nodeId, AnsweredFetch answered) {
        if (!answered.verdict().isOrderly()) {
            events.add(new EngineEvent.SessionDisturbed(nodeId, answered.verdict()));
        }
        apply(answered.effects());
    }

    /** Applies effects in their order; one that brings about others is through with them before the next one. */
    private void apply(List<Effect> effects) {
        effects.forEach(effect -> effect.accept(reactions));
    }

    private final class Reactions implements Effect.Visitor {
        @Override
        public void deliver(Delivery delivery) {
            events.add(new EngineEvent.Delivered(delivery));
        }

        @Override
        public void refreshMetadata() {
            metadata.request();
        }

        @Override
        public void reroute(TopicPartition name) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                apply(fetcher.route(partition, nowNanos));
            }
        }

        @Override
        public void readFromLeader(TopicPartition name) {
            fetcher.readFromLeader(name);
        }

        @Override
        public void leaderLearned(TopicPartition name) {
            events.add(new EngineEvent.BrokersChanged(List.copyOf(cluster.brokers())));
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                leaderChanged(partition);
            }
        }

        @Override
        public void readReplicaChanged(TopicPartition partition, int nodeId) {
            events.add(new EngineEvent.ReadReplicaChanged(partition, nodeId));
        }

        @Override
        public void lookupFailed(TopicPartition partition, KafkaException cause) {
            obstacles.positionFailed(partition, cause);
        }

        @Override
        public void positionLost(TopicPartition partition, String what) {
            events.add(new EngineEvent.PositionLost(partition, what));
        }
    }
}
