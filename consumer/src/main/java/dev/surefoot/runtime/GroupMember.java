package dev.surefoot.runtime;

import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.Membership;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Closing;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's side of its membership in a group: what it subscribes to, and how it leaves. Owned by the
 * application's thread.
 */
public final class GroupMember {
    private static final Logger log = LoggerFactory.getLogger(GroupMember.class);

    /** What the loop answers by itself in its next turns, without a broker, is there within this time, however busy. */
    private static final long LOOP_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** To unsubscribe is no wait for a coordinator: commits under way have this long to be settled first. */
    private static final long UNSUBSCRIBE_COMMITS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final GroupSettings settings;
    private final Subscriptions subscriptions;
    private final Rebalances rebalances;
    private final GroupCommits commits;
    private final AutoCommit autoCommit;
    private final KnownIdentity identity;
    private final Assignments assignments;
    private final Assignors assignors;
    private final Loop loop;
    private final Waiting waiting;
    private final Clock clock;
    private final GroupOptions options;
    private boolean closed;

    GroupMember(
            GroupSettings settings,
            Subscriptions subscriptions,
            Rebalances rebalances,
            GroupCommits commits,
            AutoCommit autoCommit,
            KnownIdentity identity,
            Assignments assignments,
            Assignors assignors,
            Loop loop,
            Waiting waiting,
            Clock clock,
            GroupOptions options) {
        this.settings = settings;
        this.subscriptions = subscriptions;
        this.rebalances = rebalances;
        this.commits = commits;
        this.autoCommit = autoCommit;
        this.identity = identity;
        this.assignments = assignments;
        this.assignors = assignors;
        this.loop = loop;
        this.waiting = waiting;
        this.clock = clock;
        this.options = options;
    }

    /** Commits and committed offsets. */
    public GroupCommits commits() {
        return commits;
    }

    /** The {@code group.id}. */
    public String groupId() {
        return settings.groupId();
    }

    /** The {@code group.protocol}. */
    public GroupSettings.Protocol protocol() {
        return settings.protocol();
    }

    /** Whether the group's partitions are assigned by plug-ins of which none is configured. */
    public boolean lacksAssignor() {
        return settings.protocol() == GroupSettings.Protocol.CLASSIC && assignors.isEmpty();
    }

    /**
     * Subscribes to topics; takes effect in poll.
     *
     * @throws IllegalStateException if partitions are assigned or a pattern is subscribed to
     */
    public void subscribe(Collection<String> topics, @Nullable ConsumerRebalanceListener listener) {
        Set<String> names = new TreeSet<>(topics);
        if (isPutOff(Subscriptions.Kind.TOPICS, () -> subscribe(names, listener))) {
            return;
        }
        subscriptions.become(Subscriptions.Kind.TOPICS, () -> names, listener);
        assignments.readOnly(names);
        begin();
        loop.submit((engine, nowNanos) -> engine.group().subscribe(names, null, nowNanos));
    }

    /** Subscribes to the topics that match in this client; throws as for topics. */
    public void subscribe(Pattern pattern, @Nullable ConsumerRebalanceListener listener) {
        if (isPutOff(Subscriptions.Kind.PATTERN, () -> subscribe(pattern, listener))) {
            return;
        }
        subscriptions.become(Subscriptions.Kind.PATTERN, loop::matchedTopics, listener);
        begin();
        loop.submit((engine, nowNanos) -> engine.group().subscribe(pattern, nowNanos));
    }

    /** Subscribes to the topics that the coordinator finds; throws as the others do. */
    public void subscribeByCoordinator(String regex, @Nullable ConsumerRebalanceListener listener) {
        if (isPutOff(Subscriptions.Kind.COORDINATOR_PATTERN, () -> subscribeByCoordinator(regex, listener))) {
            return;
        }
        subscriptions.become(Subscriptions.Kind.COORDINATOR_PATTERN, Set::of, listener);
        begin();
        loop.submit((engine, nowNanos) -> engine.group().subscribe(Set.of(), regex, nowNanos));
    }

    /** Within a listener a subscription changes when it has returned, in the order of the calls. */
    private boolean isPutOff(Subscriptions.Kind kind, Runnable subscription) {
        if (!rebalances.isInside()) {
            return false;
        }
        if (!rebalances.hasAfterwards()) {
            subscriptions.require(kind);
        }
        rebalances.afterwards(subscription);
        return true;
    }

    private void begin() {
        assignments.topicsChange();
        rebalances.expectMembership(settings.timing().maxPollIntervalNanos());
    }

    /** Gives up partitions and subscription; the listener is called. Inside a listener it happens after it. */
    public void unsubscribe() {
        if (rebalances.isInside()) {
            rebalances.afterwards(this::unsubscribe);
        } else if (subscriptions.isInGroup()) {
            leave(
                    Membership.Departure.DEFAULT,
                    "the consumer unsubscribed from all topics",
                    false,
                    options.apiTimeoutNanos(),
                    UNSUBSCRIBE_COMMITS_NANOS);
            Closing.all(List.of(rebalances::runAfterwards, rebalances::throwFailure));
        } else {
            assignments.assign(Set.of());
        }
    }

    private void leave(
            Membership.Departure departure, String reason, boolean commit, long timeoutNanos, long commitsNanos) {
        rebalances.expectLeft(commit, timeoutNanos);
        loop.submit((engine, nowNanos) -> engine.group().leave(departure, reason, commitsNanos, nowNanos));
        awaitLeft(timeoutNanos);
        if (!rebalances.hasLeft()) {
            rebalances.awaitNoCommits(LOOP_NANOS);
            awaitLeft(LOOP_NANOS);
        }
        subscriptions.clear();
        rebalances.forget();
        assignments.readOnly(null);
        if (settings.protocol() == GroupSettings.Protocol.CONSUMER) {
            identity.forgetLastMember();
        }
        loop.submit((engine, nowNanos) -> engine.assignInGroup(Map.of(), nowNanos));
    }

    private void awaitLeft(long timeoutNanos) {
        waiting.undisturbed(timeoutNanos, () -> {
            rebalances.takeNotices();
            return rebalances.hasLeft() ? Boolean.TRUE : null;
        });
    }

    /**
     * Assigns partitions by the application's choice; commits before what was consumed if the interval has passed.
     *
     * @throws IllegalStateException if topics are subscribed to
     */
    public void assign(Collection<TopicPartition> partitions) {
        Set<TopicPartition> copy = new HashSet<>(partitions);
        if (isPutOff(Subscriptions.Kind.PARTITIONS, () -> assign(copy))) {
            return;
        }
        autoCommit.commitIfDue();
        commits.assignmentChanged();
        assignments.assign(copy);
    }

    /** What poll does before it takes records for the first time. */
    void beginPoll() {
        commits.takeSettled();
        runCallbacks();
        autoCommit.commitIfDue();
    }

    /** What poll does before each time that it takes records. */
    void advance() {
        rebalances.advance();
        runCallbacks();
    }

    private void runCallbacks() {
        commits.runCallbacks();
        if (closed) {
            throw new IllegalStateException("This consumer has been closed by its commit callback.");
        }
    }

    boolean isInListener() {
        return rebalances.isInside();
    }

    /** Has this done when the listener that is being called has returned. */
    void afterListener(Runnable action) {
        rebalances.afterwards(action);
    }

    /** Has the group rebalanced in the next poll (classic protocol). */
    public void enforceRebalance(@Nullable String reason) {
        switch (settings.protocol()) {
            case CLASSIC -> {
                String why = reason == null || reason.isEmpty() ? "rebalance enforced by user" : reason;
                loop.submit((engine, nowNanos) -> engine.group().membership().enforceRebalance(why));
            }
            case CONSUMER ->
                log.warn("enforceRebalance() does nothing in the consumer protocol, in which the coordinator assigns");
        }
    }

    /** Who this consumer is in its group, for transactions. */
    public ConsumerGroupMetadata metadata() {
        return identity.metadata();
    }

    /**
     * Commits, gives up the partitions, and leaves, as far as the time suffices: {@code request.timeout.ms} at most, as
     * a coordinator that does not answer in that time does not answer.
     */
    void close(Membership.Departure departure, long timeoutNanos) {
        closed = true;
        long endNanos = Deadline.after(
                clock.nanos(), Math.min(timeoutNanos, settings.timing().requestTimeoutNanos()));
        long left = endNanos - clock.nanos();
        if (subscriptions.isInGroup()) {
            commits.keepIdentity();
            leave(departure, "the consumer is being closed", true, left, left);
        } else if (autoCommit.isOn()) {
            commits.commitBeforeRebalance(commits.consumed(), left);
        }
        waiting.undisturbed(endNanos - clock.nanos(), () -> {
            commits.takeSettled();
            return (commits.allSettled() && !loop.isLeaving()) ? Boolean.TRUE : null;
        });
        endCommits();
        try {
            commits.runLastCallbacks();
        } finally {
            rebalances.throwFailure();
        }
    }

    /** Has the callbacks hear of commits that were not settled in time. */
    private void endCommits() {
        if (!commits.allSettled()) {
            loop.submit((engine, nowNanos) -> engine.group().commits().endAll());
            waiting.undisturbed(LOOP_NANOS, () -> {
                commits.takeSettled();
                return commits.allSettled() ? Boolean.TRUE : null;
            });
        }
    }
}
