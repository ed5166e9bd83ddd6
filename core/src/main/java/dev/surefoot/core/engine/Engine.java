package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.fetch.ByteBudget;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.position.PositionLookups;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The one router of the core. In each turn the loop gives it the application's commands and the outcomes of requests,
 * lets it {@link #dispatch} what is due, and takes its events ({@link #pollEvent}) until there are none. It has no
 * thread, clock or socket of its own. Owned by the loop's thread.
 */
public final class Engine {
    private final EngineSettings settings;
    private final Cluster cluster = new Cluster();
    private final Positions positions;
    private final PositionRepair repair;
    private final Fetcher fetcher;
    private final Obstacles obstacles = new Obstacles(cluster);
    private final Questions questions;
    private final MetadataRefresh refresh;
    private final Reachability reachability;
    private final Effects effects;

    private final FetchExchange fetches;
    private final MetadataExchange metadata;
    /** In the order in which they are asked. Metadata is last, as all others may find that it is wanted. */
    private final List<Requester> requesters;

    private final RequestsUnderWay underWay = new RequestsUnderWay();
    private final Deadlines deadlines = new Deadlines();
    private final ArrayDeque<EngineEvent> events = new ArrayDeque<>();

    /**
     * @param sessions makes the fetch session of each broker
     * @param random where all jitter comes from
     */
    public Engine(EngineSettings settings, FetchSession.Factory sessions, SplittableRandom random) {
        this.settings = settings;
        this.positions = new Positions(backoff(random));
        this.repair = new PositionRepair(cluster, positions, settings.reset());
        PositionLookups lookups = new PositionLookups(cluster, positions, repair, settings.readCommitted());
        this.questions = new Questions(cluster, obstacles, backoff(random), settings.readCommitted(), events::add);
        this.refresh = new MetadataRefresh(settings.metadataMaxAgeNanos(), backoff(random));
        this.reachability = new Reachability(obstacles, refresh, events::add);
        ByteBudget budget = new ByteBudget(settings.bufferBytes(), settings.fetchMaxBytes());
        this.fetcher =
                new Fetcher(cluster, positions, repair, budget, settings.fetchLimits(), sessions, backoff(random));
        this.effects = new Effects(cluster, positions, repair, fetcher, refresh, obstacles, events::add);
        AnyBroker anyBroker = new AnyBroker(settings, cluster, obstacles);
        PositionRequests requests = new PositionRequests(lookups, questions, reachability);
        RequestTimeouts timeouts = settings.timeouts();
        this.fetches = new FetchExchange(fetcher, effects, reachability, timeouts, events::add);
        this.metadata = new MetadataExchange(
                settings,
                cluster,
                positions,
                questions,
                obstacles,
                anyBroker,
                refresh,
                reachability,
                effects::leadersChanged,
                events::add);
        this.requesters = List.of(
                new OffsetLookupExchange(lookups, positions, effects, requests, reachability, refresh, timeouts),
                new EpochValidationExchange(lookups, positions, effects, requests, refresh, timeouts),
                new OffsetQuestionExchange(questions, reachability, refresh, timeouts),
                fetches,
                new TopicQuestionExchange(questions, anyBroker, reachability, refresh, timeouts),
                metadata);
    }

    private Backoff backoff(SplittableRandom random) {
        return new Backoff(settings.retryBackoffNanos(), settings.retryBackoffMaxNanos(), random.split());
    }

    // Commands of the application, in the order in which it gave them.

    /** Replaces the assignment; new partitions start where {@code auto.offset.reset} says unless they are sought. */
    public void assign(Map<TopicPartition, Long> generations, long nowNanos) {
        positions
                .assign(generations, settings.reset())
                .forEach(gone -> effects.apply(fetcher.revoke(gone, nowNanos), nowNanos));
        metadata.assignmentChanged();
        obstacles.assigned(generations.keySet());
    }

    /** Moves a partition; does nothing if it is assigned no more. */
    public void seek(TopicPartition name, long generation, FetchPosition position, long nowNanos) {
        TrackedPartition partition = positions.get(name);
        if (partition != null) {
            PartitionLeader leader = cluster.leader(name);
            positions.seek(partition, generation, position, leader.topicId(), leader.leaderEpoch());
            effects.route(partition, nowNanos);
        }
    }

    /** Moves a partition to wherever the strategy finds; does nothing if it is assigned no more. */
    public void seek(TopicPartition name, long generation, ResetStrategy strategy, long nowNanos) {
        TrackedPartition partition = positions.get(name);
        if (partition != null) {
            positions.seek(partition, generation, strategy);
            obstacles.positionMoved(name);
            effects.route(partition, nowNanos);
        }
    }

    /** Fetches again what the application has released; does nothing if the partition is assigned no more. */
    public void fetchAgain(TopicPartition name, Yielded yielded, long nowNanos) {
        TrackedPartition partition = positions.get(name);
        if (partition == null) {
            return;
        }
        if (partition.isInThisTopic(yielded.topicId())) {
            seek(name, yielded.generation(), yielded.position(), nowNanos);
        } else {
            effects.apply(repair.yielded(partition, yielded), nowNanos);
        }
    }

    /** Stops or resumes fetching these partitions. What is already under way is delivered and waits in its lane. */
    public void pause(Collection<TopicPartition> names, boolean pause, long nowNanos) {
        for (TopicPartition name : names) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                positions.pause(partition, pause);
                effects.route(partition, nowNanos);
            }
        }
    }

    /** Puts a question, which an event with its id answers. */
    public void ask(Question question) {
        questions.ask(question);
    }

    /** Forgets a question; it has no answer any more. */
    public void cancelQuestion(long id) {
        questions.cancel(id);
    }

    // Outcomes of requests.

    /**
     * Takes an answer, and releases the memory it holds when that was used or retained.
     *
     * @throws IllegalArgumentException if the answer is not of the request's kind
     * @throws IllegalStateException if the request was never sent, or has had its outcome
     */
    public void answered(Request<?> request, Answer answer, long nowNanos) {
        obstacles.brokerAnswered(request.nodeId());
        try {
            underWay.answered(request, answer, nowNanos);
        } finally {
            answer.release();
        }
    }

    /**
     * Takes note that a request ended without an answer.
     *
     * @throws IllegalStateException if the request was never sent, or has had its outcome
     */
    public void failed(Request<?> request, RequestFailure failure, long nowNanos) {
        reachability.failed(request.nodeId(), failure);
        underWay.failed(request, failure, nowNanos);
    }

    // Requests.

    /** Hands over every request that is due and can be sent. */
    public void dispatch(BrokerLink link, Turn turn) {
        long nowNanos = turn.nowNanos();
        for (TrackedPartition partition : positions.endBackOffs(nowNanos)) {
            effects.route(partition, nowNanos);
        }
        effects.apply(fetcher.expireReplicas(nowNanos), nowNanos);
        Outbox outbox = underWay.outbox(link, nowNanos);
        for (Requester requester : requesters) {
            requester.dispatch(outbox, turn);
        }
        for (Requester requester : requesters) {
            requester.enterDeadlines(deadlines, nowNanos);
        }
        questions.explain();
    }

    /** Whether a fetch waits for the application to release memory, as there is none left. */
    public boolean starved() {
        return fetches.isDelayed(FetchDelay.Reason.NO_MEMORY);
    }

    /** Whether a fetch waits until the application has read more, or finds nothing to read. */
    public boolean farAhead() {
        return fetches.isDelayed(FetchDelay.Reason.FAR_AHEAD);
    }

    /** Why each broker that was due for a fetch in the last {@link #dispatch} has not been sent one. */
    public Map<Integer, FetchDelay> fetchDelays() {
        return fetches.delays();
    }

    /**
     * When a turn is due if nothing else happens, as of the last {@link #dispatch}, or {@link Long#MAX_VALUE}. What was
     * due then and could not be sent waits for its broker, and the link knows when that is ready.
     */
    public long nextDeadlineNanos() {
        return deadlines.earliestNanos();
    }

    /** What has come about, in order, or null when there is no more. */
    public @Nullable EngineEvent pollEvent() {
        return events.poll();
    }

    public FetchTally tally() {
        return fetcher.tally();
    }

    /**
     * Ends all sessions; returns the requests that close them at their brokers, whose outcomes are not to be reported
     * here.
     */
    public List<Request.Fetch> close() {
        return fetches.close();
    }
}
