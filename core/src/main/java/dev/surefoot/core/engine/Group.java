package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.CommitBarrier;
import dev.surefoot.core.group.Commits;
import dev.surefoot.core.group.CommittedOffsets;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.GroupView;
import dev.surefoot.core.group.GroupWatch;
import dev.surefoot.core.group.Membership;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's part in its group: membership, commits, committed offsets and the look-up of the coordinator. Applies
 * what they want done elsewhere. Owned by the loop's thread.
 */
public final class Group implements Requester, Obstacles.Placing {
    private enum Due implements Deadlines.Name {
        /** A subscription to other topics, because others match the pattern, that was put off. */
        SUBSCRIPTION
    }

    /** A subscription that follows from metadata is put off by up to this part of the heartbeat interval. */
    private static final int JITTER_PART = 10;

    private final EngineSettings settings;
    private final GroupSettings group;
    private final SplittableRandom random;
    private final TopicDirectory topics = new TopicDirectory();
    private final Coordinator coordinator;
    private final Membership membership;
    private final Commits commits;
    private final CommitBarrier barrier;
    private final CommittedOffsets committed;

    private final Positions positions;
    private final Effects effects;
    private final MetadataRefresh refresh;
    private final Consumer<EngineEvent> events;
    private final TopicIdExchange topicIds;
    private final GroupEffects groupEffects;
    private final GroupOutlook outlook;
    private final ArrayDeque<GroupEffect> wanted = new ArrayDeque<>();

    private boolean subscribed;
    private @Nullable Pattern pattern;
    /** Whether what matches is not known yet, so that a member would join for nothing and then again. */
    private boolean awaitsAllTopics;

    private Set<String> matched = Set.of();
    /** When to subscribe to what matches now; {@link Deadline#NEVER} if that is subscribed to. */
    private long subscribeAtNanos = Deadline.NEVER;

    private Set<String> topicsRequested = Set.of();
    private Set<Uuid> idsRequested = Set.of();

    /**
     * @param group how this consumer takes part in its group
     * @param memberships makes the membership
     * @param brokers finds a broker to ask for the coordinator
     */
    Group(
            EngineSettings settings,
            GroupSettings group,
            Membership.Factory memberships,
            BrokerChoice brokers,
            Positions positions,
            PositionRepair repair,
            Effects effects,
            MetadataRefresh refresh,
            KnownBrokers knownBrokers,
            SplittableRandom random,
            Consumer<EngineEvent> events) {
        this.settings = settings;
        this.group = group;
        this.positions = positions;
        this.effects = effects;
        this.refresh = refresh;
        this.events = events;
        this.coordinator = new Coordinator(
                group.groupId(), group.timing().requestTimeoutNanos(), brokers, backoff(random), wanted::add);
        this.membership =
                memberships.create(group, settings.memberId(), coordinator, topics, random.split(), wanted::add);
        this.topicIds = new TopicIdExchange(
                brokers, settings.timeouts().answerNanos(), membership::unresolvedTopics, this::topicsNamed, events);
        GroupWatch watch = new GroupWatch(group);
        this.outlook = new GroupOutlook(membership, coordinator, watch);
        this.groupEffects = new GroupEffects(positions, effects, this::refreshMetadata, knownBrokers, watch, events);
        this.commits = new Commits(group, coordinator, membership, topics, backoff(random), wanted::add);
        this.barrier = new CommitBarrier(group.timing(), commits);
        this.committed = new CommittedOffsets(
                group,
                coordinator,
                membership,
                commits,
                topics,
                positions,
                repair,
                backoff(random),
                effects::apply,
                wanted::add,
                new CommittedAnswers(events));
        this.random = random.split();
    }

    private Backoff backoff(SplittableRandom random) {
        return new Backoff(settings.retryBackoffNanos(), settings.retryBackoffMaxNanos(), random.split());
    }

    // What the application does. What follows is applied in the same turn.

    /** Subscribes to topics, or to those that the coordinator finds by a pattern. */
    public void subscribe(Set<String> names, @Nullable String regex, long nowNanos) {
        pattern = null;
        subscribed = true;
        join(names, regex, nowNanos);
    }

    /** Subscribes to the topics that match, now and with each later metadata. */
    public void subscribe(Pattern matching, long nowNanos) {
        pattern = matching;
        subscribed = true;
        awaitsAllTopics = !topics.hasAll();
        if (awaitsAllTopics) {
            matched = Set.of();
            events.accept(new EngineEvent.TopicsMatched(matched));
        } else {
            subscribeToMatching(matching, nowNanos);
        }
        refresh.request();
    }

    private void subscribeToMatching(Pattern matching, long nowNanos) {
        subscribeAtNanos = Deadline.NEVER;
        matched = topics.matching(matching, settings.excludeInternalTopics(), this::raise);
        events.accept(new EngineEvent.TopicsMatched(matched));
        join(matched, null, nowNanos);
    }

    private void raise(KafkaException cause) {
        wanted.add(new GroupEffect.Raise(cause));
    }

    private void join(Set<String> names, @Nullable String regex, long nowNanos) {
        barrier.subscribe(atNanos -> membership.subscribe(names, regex, atNanos), nowNanos);
    }

    /** A subscription for which it is too late, as there is no pattern any more, is not made. */
    private void subscribeWhenDue(long nowNanos) {
        Pattern matching = pattern;
        if (Deadline.passed(subscribeAtNanos, nowNanos)) {
            subscribeAtNanos = Deadline.NEVER;
            if (matching != null) {
                subscribeToMatching(matching, nowNanos);
            }
        }
    }

    /** How long a member puts off what all members of the group do upon the same metadata. */
    private long jitterNanos() {
        boolean othersFollow = group.protocol() == GroupSettings.Protocol.CLASSIC && membership.isMember();
        int mostMs = group.timing().heartbeatIntervalMs() / JITTER_PART;
        return othersFollow ? Duration.ofMillis(random.nextLong(mostMs + 1L)).toNanos() : 0;
    }

    /**
     * Ends the membership; what follows is told by notices. What the application has committed before is not lost for
     * it: the coordinator hears of the leave when these commits are settled.
     *
     * @param timeoutNanos how long the application waits for that, in nanoseconds; commits have three quarters of it
     */
    public void leave(Membership.Departure departure, String reason, long timeoutNanos, long nowNanos) {
        pattern = null;
        subscribed = false;
        barrier.leave(
                !membership.owned().isEmpty(),
                timeoutNanos,
                atNanos -> membership.leave(departure, reason, atNanos),
                nowNanos);
    }

    /** The application has taken its partitions; the listener has returned for these, which may be fetched. */
    public void taken(long token, Collection<TopicPartition> told, long nowNanos) {
        told(told, nowNanos);
        membership.taken(token, nowNanos);
    }

    /** The listener has returned for these partitions, which may be fetched from now on. */
    public void told(Collection<TopicPartition> added, long nowNanos) {
        for (TopicPartition name : added) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                positions.endHold(partition, Hold.NOT_TAKEN);
                effects.route(partition, nowNanos);
            }
        }
    }

    /**
     * The application has given these partitions up. The coordinator hears of it behind the commits that were made
     * before: at a leave when they are settled, otherwise when they are on the wire. Those that cannot be sent in time
     * fail, as they could replace the offsets of the next owners.
     *
     * @param userData as {@link Membership#released} has it
     */
    public void released(
            long token, Set<TopicPartition> partitions, Map<String, @Nullable ByteBuffer> userData, long nowNanos) {
        barrier.release(
                atNanos -> {
                    commits.release(partitions);
                    membership.released(token, partitions, userData, atNanos);
                },
                nowNanos);
    }

    public Membership membership() {
        return membership;
    }

    public Commits commits() {
        return commits;
    }

    public CommittedOffsets committed() {
        return committed;
    }

    // What a partition waits for.

    @Override
    public boolean isAwaited(TopicPartition name) {
        TrackedPartition partition = positions.get(name);
        return partition != null && partition.state().kind() == PositionState.Kind.UNPLACED;
    }

    @Override
    public @Nullable Node coordinator() {
        Coordinator.Instance known = coordinator.instance();
        return known == null ? null : known.node();
    }

    // Requests.

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        subscribeWhenDue(turn.nowNanos());
        if (pattern != null && awaitsAllTopics) {
            // It will be needed when the topics are known.
            coordinator.need();
        }
        if (barrier.isOpen()) {
            // A heartbeat that is due does not wait for commits, which may follow each other without an end.
            membership.dispatch(outbox, turn);
            commits.dispatch(outbox, turn);
        } else {
            commits.dispatch(outbox, turn);
            barrier.pass(turn.nowNanos());
            membership.dispatch(outbox, turn);
        }
        committed.dispatch(outbox, turn);
        // The others say whether they need the coordinator.
        coordinator.dispatch(outbox, turn);
        outlook.look(subscribed, turn);
        applyEffects(turn.nowNanos());
        requestMetadata();
        topicIds.dispatch(outbox, turn);
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.enter(Due.SUBSCRIPTION, subscribeAtNanos);
        membership.enterDeadlines(deadlines, nowNanos);
        commits.enterDeadlines(deadlines, nowNanos);
        barrier.enterDeadlines(deadlines);
        committed.enterDeadlines(deadlines, nowNanos);
        coordinator.enterDeadlines(deadlines, nowNanos);
    }

    /** Applies what the parts of the group want done, in order. */
    void applyEffects(long nowNanos) {
        for (GroupEffect effect = wanted.poll(); effect != null; effect = wanted.poll()) {
            groupEffects.apply(effect, nowNanos);
        }
    }

    /** What the member does, and how it fares. */
    GroupView view(long nowNanos) {
        return outlook.view(nowNanos);
    }

    // Metadata.

    private void refreshMetadata() {
        refresh.request();
        topicIds.request();
    }

    private void requestMetadata() {
        Set<String> names = membership.topicsOfInterest();
        Set<Uuid> ids = membership.unresolvedTopics();
        if (!topicsRequested.containsAll(names)) {
            refresh.request();
        }
        if (!idsRequested.containsAll(ids)) {
            topicIds.request();
        }
        topicsRequested = names;
        idsRequested = ids;
    }

    /** The topics that this member needs to know of, as of the last turn or metadata. */
    Set<String> topicsOfInterest() {
        return topicsRequested;
    }

    /** Whether the membership goes on when the application is next in poll. */
    public boolean awaitsPoll() {
        return subscribed && !membership.isMember() && !membership.isRebalancing();
    }

    /** Whether the topics to know of can only be found among all topics. */
    boolean needsAllTopics() {
        return pattern != null;
    }

    /** Whether a topic that is subscribed to by its name was not described in this answer, and may be later. */
    boolean misses(MetadataAnswer answer) {
        Set<String> missing = new TreeSet<>(membership.topicsOfInterest());
        answer.topics().stream()
                .filter(topic -> topic.error() == BrokerError.NONE)
                .forEach(topic -> missing.remove(topic.name()));
        return pattern == null && !missing.isEmpty();
    }

    /** @param all whether the answer is about all topics */
    void metadataAnswered(MetadataAnswer answer, boolean all, long nowNanos) {
        topics.update(answer, all);
        Pattern matching = pattern;
        if (matching != null && awaitsAllTopics) {
            if (all) {
                awaitsAllTopics = false;
                subscribeToMatching(matching, nowNanos);
            }
        } else if (matching != null) {
            Set<String> now = topics.matching(matching, settings.excludeInternalTopics(), this::raise);
            if (now.equals(matched)) {
                subscribeAtNanos = Deadline.NEVER;
            } else if (subscribeAtNanos == Deadline.NEVER) {
                subscribeAtNanos = Deadline.after(nowNanos, jitterNanos());
            }
            subscribeWhenDue(nowNanos);
        }
        membership.clusterChanged(nowNanos);
    }

    private void topicsNamed(MetadataAnswer answer, long nowNanos) {
        topics.update(answer, false);
        membership.clusterChanged(nowNanos);
    }
}
