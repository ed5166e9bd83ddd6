package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.group.Commit;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Closing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The application's commits, made of the positions behind the records that it was given, and its questions about
 * committed offsets. The loop sends them and tells their outcomes, which are taken here in order. Owned by the
 * application's thread.
 */
public final class GroupCommits {
    /** The loop ends a commit at its deadline; this is the time to hear of it. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Outcome(@Nullable KafkaException failure) {}

    private record Pending(
            Map<TopicPartition, OffsetAndMetadata> offsets,
            long period,
            @Nullable OffsetCommitCallback callback) {}

    private final Lanes lanes;
    private final Intake intake;
    private final Loop loop;
    private final Waiting waiting;
    private final Clock clock;
    private final NoticeQueue notices;
    private final Interceptors<?, ?> interceptors;
    private final EventLog log;
    private final CommitCallsMeter calls;
    private final GroupOptions options;
    private final Subscriptions subscriptions;
    private final KnownIdentity identity;

    private final Map<Long, Pending> pending = new HashMap<>();
    private final Map<Long, Outcome> outcomes = new HashMap<>();
    /** Callbacks of commits that are settled, in order. */
    private final ArrayDeque<Runnable> callbacks = new ArrayDeque<>();

    private final StoredOffsets stored = new StoredOffsets();
    private long lastId;
    private boolean keepsIdentity;

    GroupCommits(
            Lanes lanes,
            Intake intake,
            Loop loop,
            Waiting waiting,
            Clock clock,
            NoticeQueue notices,
            PlugIns<?, ?> plugIns,
            GroupOptions options,
            Subscriptions subscriptions,
            KnownIdentity identity) {
        this.lanes = lanes;
        this.intake = intake;
        this.loop = loop;
        this.waiting = waiting;
        this.clock = clock;
        this.notices = notices;
        this.interceptors = plugIns.interceptors();
        this.log = plugIns.log();
        this.calls = plugIns.meter().commitCalls();
        this.options = options;
        this.subscriptions = subscriptions;
        this.identity = identity;
    }

    /** The positions of all assigned partitions that have one. */
    public Map<TopicPartition, OffsetAndMetadata> consumed() {
        return consumed(lanes.assignment());
    }

    /** Those of the positions that are not known to be stored; all of them once in an hour. */
    Map<TopicPartition, OffsetAndMetadata> takeUnstored() {
        stored.beginPeriodIfDue(clock.nanos());
        return stored.unstored(consumed());
    }

    /** Others may have stored offsets of the partitions that are assigned from now on. */
    void assignmentChanged() {
        stored.beginPeriod();
    }

    /**
     * The positions of those of the partitions that have one. One that was found since the last poll counts if a group
     * has assigned the partition, which only happens in polls. Partitions of the application's choice may never have
     * been polled: their committed offsets are not to be stored again, without their metadata.
     */
    Map<TopicPartition, OffsetAndMetadata> consumed(Collection<TopicPartition> partitions) {
        if (subscriptions.isInGroup()) {
            intake.takeDeliveries();
            lanes.tellChanges();
        }
        Map<TopicPartition, OffsetAndMetadata> consumed = new HashMap<>();
        for (TopicPartition partition : partitions) {
            FetchPosition position = lanes.position(partition);
            if (position != null) {
                consumed.put(partition, new OffsetAndMetadata(position.offset(), position.leaderEpoch(), ""));
            }
        }
        return consumed;
    }

    /**
     * Commits and waits for the outcome; the callbacks of earlier commits have run then.
     *
     * @throws KafkaException why the commit failed
     */
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        long startNanos = clock.nanos();
        long nanos = Waiting.nanos(timeout);
        long id = submit(Commit.Kind.SYNC, offsets, nanos, null);
        Outcome outcome = null;
        try {
            outcome = waiting.until(Duration.ofNanos(Deadline.after(GRACE_NANOS, nanos)), () -> {
                takeSettled();
                return outcomes.remove(id);
            });
        } finally {
            if (outcome == null) {
                abandon(id);
            }
            calls.commitSyncEnded(clock.nanos() - startNanos, clock.epochMillis());
        }
        runCallbacks();
        if (outcome == null) {
            throw new TimeoutException("Timeout of " + timeout.toMillis()
                    + "ms expired before successfully committing offsets " + offsets);
        }
        if (outcome.failure() != null) {
            throw outcome.failure();
        }
    }

    private void abandon(long id) {
        Pending abandoned = pending.remove(id);
        if (abandoned != null) {
            stored.becomeUnknown(abandoned.offsets().keySet());
        }
        outcomes.remove(id);
        loop.submit((engine, nowNanos) -> engine.group().commits().abandon(id));
    }

    /** Commits without waiting; the callback runs in a later call of the application. */
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
        takeSettled();
        runCallbacks();
        submit(Commit.Kind.ASYNC, offsets, options.apiTimeoutNanos(), (committed, failure) -> {
            if (callback != null) {
                callback.onComplete(committed, failure);
            } else if (failure != null) {
                log.commitFailed(committed, failure);
            }
        });
    }

    /**
     * Commits what was consumed of partitions that are given up. {@link #isSettled} tells when it is settled.
     *
     * @param timeoutNanos nanoseconds after which it is given up
     */
    long commitBeforeRebalance(Map<TopicPartition, OffsetAndMetadata> offsets, long timeoutNanos) {
        return submit(Commit.Kind.BEFORE_REBALANCE, offsets, timeoutNanos, (committed, failure) -> {
            if (failure != null) {
                log.commitFailed(committed, failure);
            }
        });
    }

    /** Commits in the background. */
    void commitInBackground(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback done) {
        submit(Commit.Kind.ASYNC, offsets, options.apiTimeoutNanos(), done);
    }

    /** The membership ends with the consumer: what a callback still commits is not stored as by no member. */
    void keepIdentity() {
        keepsIdentity = true;
    }

    private long submit(
            Commit.Kind kind,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            long timeoutNanos,
            @Nullable OffsetCommitCallback callback) {
        long id = ++lastId;
        MemberIdentity as = keepsIdentity || subscriptions.isInGroup() ? identity.present() : null;
        Commit commit = new Commit(id, kind, as, offsets, Deadline.after(clock.nanos(), timeoutNanos));
        pending.put(id, new Pending(commit.offsets(), stored.period(), callback));
        stored.becomeUnknown(offsets.keySet());
        loop.submit((engine, nowNanos) -> engine.group().commits().submit(commit));
        return id;
    }

    /** Takes the outcomes that the loop has told; their callbacks run in {@link #runCallbacks}. */
    void takeSettled() {
        for (GroupNotice.CommitSettled settled = notices.takeSettled();
                settled != null;
                settled = notices.takeSettled()) {
            Pending commit = pending.remove(settled.commitId());
            if (commit != null) {
                settle(settled, commit);
            }
        }
    }

    private void settle(GroupNotice.CommitSettled settled, Pending commit) {
        KafkaException failure = settled.failure();
        if (failure == null) {
            stored.succeeded(commit.offsets(), commit.period(), clock.nanos());
        } else {
            stored.becomeUnknown(commit.offsets().keySet());
        }
        if (failure == null && !commit.offsets().isEmpty()) {
            callbacks.add(() -> interceptors.onCommit(commit.offsets()));
        }
        OffsetCommitCallback callback = commit.callback();
        if (callback == null) {
            outcomes.put(settled.commitId(), new Outcome(failure));
        } else {
            callbacks.add(() -> callback.onComplete(commit.offsets(), failure));
        }
    }

    /** Runs the callbacks of the commits that are settled now; a commit that one of them makes is of the next round. */
    void runCallbacks() {
        for (int left = callbacks.size(); left > 0; left--) {
            Runnable callback = callbacks.poll();
            if (callback != null) {
                callback.run();
            }
        }
    }

    /** Runs all callbacks, also if one throws: none of them has another chance. */
    void runLastCallbacks() {
        Closing.all(Collections.<AutoCloseable>nCopies(callbacks.size(), () -> {
            Runnable callback = callbacks.poll();
            if (callback != null) {
                callback.run();
            }
        }));
    }

    boolean isSettled(long id) {
        return !pending.containsKey(id);
    }

    boolean allSettled() {
        return pending.isEmpty();
    }

    /**
     * Returns what the group has committed for these partitions, null for those without.
     *
     * @throws TimeoutException if there is no answer in time
     */
    public Map<TopicPartition, @Nullable OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration timeout) {
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed = new HashMap<>();
        if (partitions.isEmpty()) {
            return committed;
        }
        Set<TopicPartition> copy = new HashSet<>(partitions);
        long startNanos = clock.nanos();
        EngineEvent event;
        try {
            event = waiting.askBy(
                    id -> (engine, nowNanos) -> engine.group().committed().ask(id, copy),
                    timeout,
                    "the last committed offset for partitions " + copy);
        } finally {
            calls.committedEnded(clock.nanos() - startNanos, clock.epochMillis());
        }
        copy.forEach(partition -> committed.put(partition, null));
        committed.putAll(((EngineEvent.CommittedFound) event).offsets());
        return committed;
    }
}
