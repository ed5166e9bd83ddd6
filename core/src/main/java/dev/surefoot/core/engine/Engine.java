package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.fetch.ByteBudget;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.guard.Guard;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.PositionLookups;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Connects the parts of the core with each other and with the loop. In each turn the loop passes it the application's
 * commands and the outcomes of requests. Then the loop calls {@link #dispatch}, and {@link #pollEvent} until there are
 * no more events. It has no thread, clock or socket. Owned by the loop's thread.
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
    /** In the order of their calls. Metadata comes after all that may request it. */
    private final List<Requester> requesters = new ArrayList<>();

    private final @Nullable Group group;
    private final @Nullable TelemetryExchange telemetry;
    private final Guard guard;
    private final GuardedSurroundings surroundings;
    private final Recovery recovery;

    private final RequestsUnderWay underWay = new RequestsUnderWay();
    private final Deadlines deadlines = new Deadlines();
    private final ArrayDeque<EngineEvent> events = new ArrayDeque<>();

    /** @param random the source of all jitter; the same seed gives the same delays */
    public Engine(EngineSettings settings, EngineParts parts, SplittableRandom random) {
        this.settings = settings;
        this.positions = new Positions(backoff(random));
        this.repair = new PositionRepair(cluster, positions, settings.reset());
        PositionLookups lookups = new PositionLookups(cluster, positions, repair, settings.readCommitted());
        this.questions = new Questions(cluster, obstacles, backoff(random), settings.readCommitted(), events::add);
        this.refresh = new MetadataRefresh(settings.metadataMaxAgeNanos(), backoff(random));
        this.reachability = new Reachability(obstacles, refresh, events::add);
        ByteBudget budget = new ByteBudget(settings.bufferBytes(), settings.fetchMaxBytes());
        this.fetcher = new Fetcher(
                cluster, positions, repair, budget, settings.fetchLimits(), parts.sessions(), backoff(random));
        KnownBrokers brokers = new KnownBrokers(cluster, events::add);
        this.surroundings = new GuardedSurroundings(this::fetchDelays, this::groupIfAny);
        this.guard =
                surroundings.guard(settings, cluster, refresh, positions, fetcher, parts.application(), random.split());
        this.effects = new Effects(cluster, positions, repair, fetcher, refresh, obstacles, brokers, events::add);
        AnyBroker anyBroker = new AnyBroker(settings, cluster, obstacles);
        PositionRequests requests = new PositionRequests(lookups, questions, reachability);
        RequestTimeouts timeouts = settings.timeouts();
        this.fetches = new FetchExchange(fetcher, effects, reachability, timeouts, guard, events::add);
        this.group = settings.group() == null
                ? null
                : new Group(
                        settings,
                        settings.group(),
                        parts.memberships(),
                        anyBroker,
                        positions,
                        repair,
                        effects,
                        refresh,
                        brokers,
                        random,
                        events::add);
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
                brokers,
                group,
                events::add);
        placeByGroup();
        requesters.addAll(List.of(
                new OffsetLookupExchange(lookups, positions, effects, requests, reachability, refresh, timeouts),
                new EpochValidationExchange(lookups, positions, effects, requests, refresh, timeouts),
                new OffsetQuestionExchange(questions, reachability, refresh, timeouts),
                fetches,
                new TopicQuestionExchange(questions, anyBroker, reachability, refresh, timeouts),
                metadata));
        this.telemetry = TelemetryExchange.of(parts.telemetry(), anyBroker, timeouts, requesters);
        this.recovery = recovering();
    }

    private Recovery recovering() {
        Recovery made = new Recovery(settings, guard, fetcher, cluster, positions, refresh, effects, events::add);
        requesters.add(made.verification());
        boolean readCommitted = settings.readCommitted();
        requesters.add(new LeaderQuestionsExchange(guard.questions(), readCommitted, settings.timeouts()));
        requesters.add(new RemainingRecordsExchange(guard.questions(), readCommitted, settings.timeouts()));
        if (settings.transactionDiagnosis()) {
            requesters.add(new TransactionExchange(cluster, guard.transactions(), settings.timeouts()));
        }
        return made;
    }

    /** In a group the committed offsets place the partitions, and its requests go first. */
    private void placeByGroup() {
        if (group != null) {
            obstacles.placedBy(group);
            requesters.add(group);
        }
    }

    private Backoff backoff(SplittableRandom random) {
        return new Backoff(settings.retryBackoffNanos(), settings.retryBackoffMaxNanos(), random.split());
    }

    // Commands of the application, in the order in which it gave them.

    /**
     * Replaces the assignment by one of the application's own. New partitions begin at the offset that the group has
     * committed, or without a group as {@code auto.offset.reset} says, unless they are sought.
     *
     * @param generations the generation of each assigned partition
     */
    public void assign(Map<TopicPartition, Long> generations, long nowNanos) {
        AssignmentStart start =
                group == null ? AssignmentStart.byReset(settings.reset()) : AssignmentStart.byCommittedOffset();
        assign(generations, start, nowNanos);
    }

    /**
     * Replaces the assignment by what the group has assigned. New partitions are not fetched before {@link
     * Group#taken}.
     *
     * @param generations the generation of each assigned partition
     */
    public void assignInGroup(Map<TopicPartition, Long> generations, long nowNanos) {
        assign(generations, AssignmentStart.inGroup(), nowNanos);
    }

    private void assign(Map<TopicPartition, Long> generations, AssignmentStart start, long nowNanos) {
        positions.assign(generations, start).forEach(gone -> effects.apply(fetcher.revoke(gone, nowNanos), nowNanos));
        metadata.assignmentChanged();
        obstacles.assigned(generations.keySet());
        guard.assigned(nowNanos);
    }

    /**
     * Moves a partition to an offset. Does nothing if it is not assigned any more.
     *
     * @param generation the generation that the seek has begun
     */
    public void seek(TopicPartition name, long generation, FetchPosition position, long nowNanos) {
        TrackedPartition partition = positions.get(name);
        if (partition != null) {
            PartitionLeader leader = cluster.leader(name);
            positions.seek(partition, generation, position, leader.topicId(), leader.leaderEpoch());
            effects.route(partition, nowNanos);
        }
    }

    /**
     * Moves a partition to the offset that the strategy will find. Does nothing if it is not assigned any more.
     *
     * @param generation the generation that the seek has begun
     */
    public void seek(TopicPartition name, long generation, ResetStrategy strategy, long nowNanos) {
        TrackedPartition partition = positions.get(name);
        if (partition != null) {
            positions.seek(partition, generation, strategy);
            obstacles.positionMoved(name);
            effects.route(partition, nowNanos);
        }
    }

    /**
     * Fetches again the data that the application has yielded. Does nothing if the partition is not assigned any more.
     */
    public void fetchAgain(TopicPartition name, Yielded yielded, long nowNanos) {
        TrackedPartition partition = positions.get(name);
        if (partition == null) {
            return;
        }
        if (yielded.overNewConnection()) {
            recovery.reconnect(name, nowNanos);
        }
        if (partition.isInThisTopic(yielded.topicId())) {
            seek(name, yielded.generation(), yielded.position(), nowNanos);
        } else {
            effects.apply(repair.yielded(partition, yielded), nowNanos);
        }
    }

    /**
     * Stops or resumes fetching these partitions. Data of an outstanding fetch is still delivered, and waits in its
     * lane.
     */
    public void pause(Collection<TopicPartition> names, boolean pause, long nowNanos) {
        for (TopicPartition name : names) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                positions.pause(partition, pause);
                effects.route(partition, nowNanos);
            }
        }
    }

    /**
     * The consumer's part in its group.
     *
     * @throws IllegalStateException if the consumer has none
     */
    public Group group() {
        if (group == null) {
            throw new IllegalStateException("this consumer has no group.id; this is a bug in Surefoot");
        }
        return group;
    }

    /** The consumer's part in its group, or null if it has none. */
    public @Nullable Group groupIfAny() {
        return group;
    }

    /** Asks a question, which an event with its id answers. */
    public void ask(Question question) {
        questions.ask(question);
    }

    /** Cancels a question, which then gets no answer. Does nothing if it has one. */
    public void cancelQuestion(long id) {
        questions.cancel(id);
        if (group != null) {
            group.committed().cancel(id);
        }
    }

    // Outcomes of requests.

    /**
     * Ends a request with an answer, and releases the answer's memory at the end. Deliveries keep holds of their own.
     *
     * @throws IllegalArgumentException if the answer is not of the request's answer type
     * @throws IllegalStateException if the request was never sent, or has had its outcome
     */
    public void answered(Request<?> request, Answer answer, long nowNanos) {
        obstacles.brokerAnswered(request.nodeId());
        if (telemetry != null) {
            telemetry.brokerAnswered(request);
        }
        try {
            underWay.answered(request, answer, nowNanos);
        } finally {
            answer.release();
        }
        applyGroupEffects(nowNanos);
    }

    /** In time for the transport, which has to know a coordinator's address before the next turn. */
    private void applyGroupEffects(long nowNanos) {
        if (group != null) {
            group.applyEffects(nowNanos);
        }
    }

    /**
     * Ends a request without an answer.
     *
     * @throws IllegalStateException if the request was never sent, or has had its outcome
     */
    public void failed(Request<?> request, RequestFailure failure, long nowNanos) {
        reachability.failed(request.nodeId(), failure);
        underWay.failed(request, failure, nowNanos);
        applyGroupEffects(nowNanos);
    }

    /** What carries out the wishes of the guard. */
    Recovery recovery() {
        return recovery;
    }

    // Requests.

    /** Sends every request that is due and can be sent. */
    public void dispatch(BrokerLink link, Turn turn) {
        long nowNanos = turn.nowNanos();
        recovery.carryOut(link, nowNanos);
        for (TrackedPartition partition : positions.endBackOffs(nowNanos)) {
            effects.route(partition, nowNanos);
        }
        effects.apply(fetcher.expireReplicas(nowNanos), nowNanos);
        Outbox outbox = underWay.outbox(link, nowNanos);
        for (Requester requester : requesters) {
            requester.dispatch(outbox, turn);
        }
        deadlines.clear();
        for (Requester requester : requesters) {
            requester.enterDeadlines(deadlines, nowNanos);
        }
        questions.explain();
        surroundings.enter(link, turn);
        guard.round(nowNanos);
        recovery.enterDeadlines(deadlines, nowNanos);
        guard.nextTurnAt(deadlines.earliestNanos(), nowNanos);
    }

    /** What watches over the progress of the partitions. */
    public Guard guard() {
        return guard;
    }

    /** Whether a fetch was held back in the last {@link #dispatch} until the application releases memory. */
    public boolean starved() {
        return fetches.isDelayed(FetchDelay.Reason.NO_MEMORY);
    }

    /** As {@link #starved}, but until the application has read more, or has nothing to read. */
    public boolean farAhead() {
        return fetches.isDelayed(FetchDelay.Reason.FAR_AHEAD);
    }

    /** Why each broker that was due for a fetch in the last {@link #dispatch} was not sent one, by node id. */
    public Map<Integer, FetchDelay> fetchDelays() {
        return fetches.delays();
    }

    /**
     * The time at which the next turn is due at the latest, in nanoseconds of the loop's clock, as of the last {@link
     * #dispatch}, or {@link Long#MAX_VALUE}. A request that could not be sent does not count: the link has a turn made
     * when its broker is ready.
     */
    public long nextDeadlineNanos() {
        return deadlines.earliestNanos();
    }

    /** Removes and returns the next event, or null if there is none. */
    public @Nullable EngineEvent pollEvent() {
        return events.poll();
    }

    public FetchTally tally() {
        return fetcher.tally();
    }

    /**
     * Closes all sessions; returns the requests that close them at their brokers. Their outcomes must not be passed to
     * this engine.
     */
    public List<FetchRequest> close() {
        return fetches.close();
    }

    /** Has the cluster asked for this client's id, even if nothing else needs a broker. */
    public void requestTelemetry() {
        if (telemetry != null) {
            telemetry.request();
        }
    }

    /** Ends the telemetry; returns the request with the last metrics, whose outcome must not come here, or null. */
    public @Nullable Request<?> closeTelemetry() {
        return telemetry == null ? null : telemetry.close();
    }
}
