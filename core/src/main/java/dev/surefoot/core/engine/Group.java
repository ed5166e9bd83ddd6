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
import dev.surefoot.core.group.ClassicMembership;
import dev.surefoot.core.group.Commits;
import dev.surefoot.core.group.CommittedOffsets;
import dev.surefoot.core.group.ConsumerMembership;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.Membership;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.time.Backoff;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's part in its group: membership, commits, committed offsets and the look-up of the coordinator. Applies
 * what they want done elsewhere. Owned by the loop's thread.
 */
public final class Group implements Requester {
    /** Partitions that the application has given up, of which the coordinator has not heard. */
    private record Release(long token, Set<TopicPartition> partitions, Map<String, @Nullable ByteBuffer> userData) {}

    private final EngineSettings settings;
    private final TopicDirectory topics = new TopicDirectory();
    private final Coordinator coordinator;
    private final Membership membership;
    private final Commits commits;
    private final CommittedOffsets committed;

    private final Positions positions;
    private final Effects effects;
    private final MetadataRefresh refresh;
    private final Consumer<EngineEvent> events;
    private final GroupEffects groupEffects;
    private final ArrayDeque<GroupEffect> wanted = new ArrayDeque<>();
    private final ArrayDeque<Release> releases = new ArrayDeque<>();

    private boolean subscribed;
    private @Nullable Pattern pattern;
    private Set<String> matched = Set.of();
    private Set<String> topicsRequested = Set.of();
    private Set<Uuid> idsRequested = Set.of();

    /**
     * @param group how this consumer takes part in its group
     * @param brokers finds a broker to ask for the coordinator
     */
    Group(
            EngineSettings settings,
            GroupSettings group,
            BrokerChoice brokers,
            Positions positions,
            PositionRepair repair,
            Effects effects,
            MetadataRefresh refresh,
            KnownBrokers knownBrokers,
            SplittableRandom random,
            Consumer<EngineEvent> events) {
        this.settings = settings;
        this.positions = positions;
        this.effects = effects;
        this.refresh = refresh;
        this.events = events;
        this.groupEffects = new GroupEffects(positions, effects, refresh, knownBrokers, events);
        this.coordinator = new Coordinator(
                group.groupId(), group.timing().requestTimeoutNanos(), brokers, backoff(random), wanted::add);
        this.membership = switch (group.protocol()) {
            case CLASSIC -> new ClassicMembership(group, coordinator, topics, random.split(), wanted::add);
            case CONSUMER ->
                new ConsumerMembership(group, settings.memberId(), coordinator, topics, backoff(random), wanted::add);
        };
        this.commits = new Commits(group, coordinator, membership, topics, backoff(random), wanted::add);
        this.committed = new CommittedOffsets(
                group,
                coordinator,
                membership,
                topics,
                positions,
                repair,
                backoff(random),
                effects::apply,
                wanted::add,
                new Answers());
    }

    private Backoff backoff(SplittableRandom random) {
        return new Backoff(settings.retryBackoffNanos(), settings.retryBackoffMaxNanos(), random.split());
    }

    // What the application does. What follows is applied in the same turn.

    /** Subscribes to topics, or to those that the coordinator finds by a pattern. */
    public void subscribe(Set<String> names, @Nullable String regex, long nowNanos) {
        pattern = null;
        subscribed = true;
        membership.subscribe(names, regex, nowNanos);
    }

    /** Subscribes to the topics that match, now and with each later metadata. */
    public void subscribe(Pattern matching, long nowNanos) {
        pattern = matching;
        subscribed = true;
        matched = topics.matching(matching, settings.excludeInternalTopics());
        events.accept(new EngineEvent.TopicsMatched(matched));
        membership.subscribe(matched, null, nowNanos);
        refresh.request();
    }

    /** Ends the membership; what follows is told by notices. */
    public void leave(Membership.Departure departure, String reason, long nowNanos) {
        pattern = null;
        subscribed = false;
        membership.leave(departure, reason, nowNanos);
    }

    /** The listener has returned for these partitions, which may be fetched from now on. */
    public void taken(long token, Collection<TopicPartition> added, long nowNanos) {
        for (TopicPartition name : added) {
            TrackedPartition partition = positions.get(name);
            if (partition != null) {
                positions.endHold(partition, Hold.NOT_TAKEN);
                effects.route(partition, nowNanos);
            }
        }
        membership.taken(token, nowNanos);
    }

    /**
     * The application has given these partitions up. The coordinator hears of it in the next dispatch, behind the
     * commits that were made before: those that cannot be sent by then fail, as they could replace the offsets of the
     * next owners.
     *
     * @param userData as {@link Membership#released} has it
     */
    public void released(long token, Set<TopicPartition> partitions, Map<String, @Nullable ByteBuffer> userData) {
        releases.add(new Release(token, partitions, userData));
    }

    private void release(Outbox outbox, Turn turn) {
        if (releases.isEmpty()) {
            return;
        }
        commits.dispatch(outbox, turn);
        for (Release release = releases.poll(); release != null; release = releases.poll()) {
            commits.release(release.partitions());
            membership.released(release.token(), release.partitions(), release.userData(), turn.nowNanos());
        }
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

    // Requests.

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        release(outbox, turn);
        membership.dispatch(outbox, turn);
        commits.dispatch(outbox, turn);
        committed.dispatch(outbox, turn);
        // The others say whether they need the coordinator.
        coordinator.dispatch(outbox, turn);
        applyEffects(turn.nowNanos());
        requestMetadata();
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        membership.enterDeadlines(deadlines, nowNanos);
        commits.enterDeadlines(deadlines, nowNanos);
        committed.enterDeadlines(deadlines, nowNanos);
        coordinator.enterDeadlines(deadlines, nowNanos);
    }

    /** Applies what the parts of the group want done, in order. */
    void applyEffects(long nowNanos) {
        for (GroupEffect effect = wanted.poll(); effect != null; effect = wanted.poll()) {
            groupEffects.apply(effect, nowNanos);
        }
    }

    // Metadata.

    private void requestMetadata() {
        Set<String> names = membership.topicsOfInterest();
        Set<Uuid> ids = membership.unresolvedTopics();
        if (!topicsRequested.containsAll(names) || !idsRequested.containsAll(ids)) {
            refresh.request();
        }
        topicsRequested = names;
        idsRequested = ids;
    }

    /** Whether the membership goes on when the application is next in poll. */
    public boolean awaitsPoll() {
        return subscribed && !membership.isMember() && !membership.isRebalancing();
    }

    /** The topics that this member needs to know of. */
    Set<String> topicsOfInterest() {
        return membership.topicsOfInterest();
    }

    /** Whether the topics to know of can only be found among all topics. */
    boolean needsAllTopics() {
        return pattern != null || !membership.unresolvedTopics().isEmpty();
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
        if (matching != null) {
            Set<String> now = topics.matching(matching, settings.excludeInternalTopics());
            if (!now.equals(matched)) {
                matched = now;
                events.accept(new EngineEvent.TopicsMatched(now));
                membership.subscribe(now, null, nowNanos);
            }
        }
        membership.clusterChanged(nowNanos);
    }

    private final class Answers implements CommittedOffsets.Answers {
        @Override
        public void found(long questionId, Map<TopicPartition, OffsetAndMetadata> offsets) {
            events.accept(new EngineEvent.CommittedFound(questionId, offsets));
        }

        @Override
        public void failed(long questionId, KafkaException cause) {
            events.accept(new EngineEvent.QuestionFailed(questionId, cause));
        }

        @Override
        public void delayed(long questionId, KafkaException cause) {
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            events.accept(new EngineEvent.QuestionDelayed(questionId, List.of(new Unanswered(List.of(), why, cause))));
        }
    }
}
