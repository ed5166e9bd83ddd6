package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.engine.Engine;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.runtime.OwnershipMeter.Told;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The application's part in rebalances: takes the loop's notices in order, changes the assignment, calls the listener
 * and the assignors, and answers. Runs inside poll, unsubscribe and close, before records are gathered. Owned by the
 * application's thread.
 */
final class Rebalances {
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private static final long NO_COMMIT = -1;

    /**
     * A revocation that was taken; its commit may be under way.
     *
     * @param told whether the listener was called, and the partitions are given up
     */
    private record Revocation(
            GroupNotice.Revoked notice, Set<TopicPartition> partitions, long commitId, boolean told) {}

    private final Lanes lanes;
    private final Loop loop;
    private final NoticeQueue notices;
    private final Subscriptions subscriptions;
    private final KnownIdentity identity;
    private final Assignors assignors;
    private final GroupCommits commits;
    private final AutoCommit autoCommit;
    private final ConsumerMeter meter;
    private final Taking taking = new Taking();

    private @Nullable Revocation revoking;
    private boolean commitsRevoked = true;
    /** Whether a revocation waits for its commit. */
    private boolean awaitsCommits = true;

    private long commitTimeoutNanos;
    private boolean ending;
    private boolean left;
    private boolean inside;
    /** Assigned partitions for which the listener has thrown: it is called again before they are fetched. */
    private final Set<TopicPartition> untold = new TreeSet<>(BY_NAME);

    private @Nullable Throwable failure;
    private final ArrayDeque<Runnable> afterwards = new ArrayDeque<>();

    /** @param commitTimeoutNanos how long a commit before a revocation may be tried: the rebalance timeout */
    Rebalances(
            Lanes lanes,
            Loop loop,
            NoticeQueue notices,
            Subscriptions subscriptions,
            KnownIdentity identity,
            Assignors assignors,
            GroupCommits commits,
            AutoCommit autoCommit,
            ConsumerMeter meter,
            long commitTimeoutNanos) {
        this.lanes = lanes;
        this.loop = loop;
        this.notices = notices;
        this.subscriptions = subscriptions;
        this.identity = identity;
        this.assignors = assignors;
        this.commits = commits;
        this.autoCommit = autoCommit;
        this.meter = meter;
        this.commitTimeoutNanos = commitTimeoutNanos;
    }

    /** Whether the listener or an assignor is being called. */
    boolean isInside() {
        return inside;
    }

    /** Has this done when the rebalance step that is under way has ended. */
    void afterwards(Runnable action) {
        afterwards.add(action);
    }

    /** Does what was put off, in the order of the calls. */
    void runAfterwards() {
        for (Runnable action = afterwards.poll(); action != null; action = afterwards.poll()) {
            action.run();
        }
    }

    boolean hasAfterwards() {
        return !afterwards.isEmpty();
    }

    /** The membership is about to end by the application's wish, which waits for no commit that it does not want. */
    void expectLeft(boolean commitRevoked, long timeoutNanos) {
        ending = true;
        left = false;
        commitsRevoked = commitRevoked;
        awaitsCommits = commitRevoked;
        commitTimeoutNanos = Math.min(commitTimeoutNanos, timeoutNanos);
    }

    /** Whether the membership has ended as the application wished. */
    boolean hasLeft() {
        return left;
    }

    /**
     * The time to wait for commits is over: the listener is called for what is revoked, whatever becomes of its commit.
     *
     * @param timeoutNanos how long a commit may still be tried, in nanoseconds
     */
    void awaitNoCommits(long timeoutNanos) {
        awaitsCommits = false;
        commitTimeoutNanos = timeoutNanos;
    }

    /** The application subscribes anew; a revocation commits again. */
    void expectMembership(long timeoutNanos) {
        ending = false;
        awaitsCommits = true;
        commitsRevoked = true;
        commitTimeoutNanos = timeoutNanos;
    }

    /** The membership is over, whether its end was told or not. */
    void forget() {
        revoking = null;
        untold.clear();
        assign(Set.of());
    }

    /**
     * Takes notices until there is none, or one has to wait for its commit. Records must not be gathered before this.
     *
     * @throws KafkaException what the listener has thrown; the rebalance goes on nevertheless
     */
    void advance() {
        takeNotices();
        throwFailure();
    }

    void takeNotices() {
        if (inside) {
            return;
        }
        commits.takeSettled();
        while (endRevocation()) {
            GroupNotice next = notices.take();
            if (next == null) {
                break;
            }
            next.accept(taking);
        }
        tellAgain();
        if (!ending) {
            runAfterwards();
        }
    }

    void throwFailure() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown instanceof WakeupException || thrown instanceof InterruptException) {
            throw (RuntimeException) thrown;
        } else if (thrown != null) {
            throw new KafkaException("User rebalance callback throws an error", thrown);
        }
    }

    /**
     * Calls the listener again that has thrown in an earlier poll: it may have to seek before a partition is read, or
     * to make ready for its records.
     */
    private void tellAgain() {
        ConsumerRebalanceListener listener = subscriptions.listener();
        if (untold.isEmpty() || ending || failure != null || revoking != null) {
            return;
        }
        Set<TopicPartition> again = sorted(untold);
        if (listener == null || tellAssigned(listener, again)) {
            untold.clear();
            loop.submit((engine, nowNanos) -> engine.group().told(again, nowNanos));
        }
    }

    /** Ends the revocation under way; returns false if it has to wait. */
    private boolean endRevocation() {
        Revocation revocation = revoking;
        if (revocation == null) {
            return true;
        }
        if (!revocation.told()) {
            GroupNotice.Revoked lost = notices.lostSince(revocation.notice().token());
            if (lost != null) {
                // Its commit cannot help any more, and nothing else that was owned may be delivered.
                revocation = new Revocation(lost, withhold(lost), NO_COMMIT, false);
            } else if (awaitsCommits && !commits.isSettled(revocation.commitId())) {
                return false;
            }
            revoking = new Revocation(revocation.notice(), revocation.partitions(), revocation.commitId(), true);
            giveUp(revocation);
        }
        GroupNotice.Revoked notice = revocation.notice();
        Map<String, @Nullable ByteBuffer> userData = new HashMap<>();
        // If an assignor throws, the next poll asks it again: without an answer the loop would wait for ever.
        if (notice.joinFollows()
                && !ending
                && !call(() -> userData.putAll(assignors.userData(subscriptions.topics())))) {
            return false;
        }
        revoking = null;
        loop.submit((engine, nowNanos) -> release(engine, notice, userData, nowNanos));
        return true;
    }

    /** Drops what was read ahead of partitions that are given up; returns those that are assigned. */
    private Set<TopicPartition> withhold(GroupNotice.Revoked notice) {
        Set<TopicPartition> taken = sorted(notice.partitions());
        taken.retainAll(new HashSet<>(lanes.assignment()));
        taken.forEach(lanes::withhold);
        lanes.tellChanges();
        loop.memoryReturned();
        return taken;
    }

    private void giveUp(Revocation revocation) {
        Set<TopicPartition> gone = revocation.notice().partitions();
        tellListener(revocation.notice(), revocation.partitions());
        Set<TopicPartition> kept = new LinkedHashSet<>(lanes.assignment());
        kept.removeAll(gone);
        untold.removeAll(gone);
        Map<TopicPartition, Long> generations = assign(kept);
        loop.submit((engine, nowNanos) -> engine.assignInGroup(generations, nowNanos));
    }

    @SuppressWarnings("NullAway") // it does not see in a class file that the values may be null
    private static void release(
            Engine engine, GroupNotice.Revoked notice, Map<String, @Nullable ByteBuffer> userData, long nowNanos) {
        engine.group().released(notice.token(), notice.partitions(), userData, nowNanos);
    }

    private void tellListener(GroupNotice.Revoked notice, Set<TopicPartition> partitions) {
        ConsumerRebalanceListener listener = subscriptions.listener();
        if (listener == null || (partitions.isEmpty() && !notice.tellsEmpty())) {
            return;
        }
        switch (notice.loss()) {
            case REVOKED ->
                call(() -> meter.timeListener(Told.REVOKED, () -> listener.onPartitionsRevoked(partitions)));
            case LOST -> call(() -> meter.timeListener(Told.LOST, () -> listener.onPartitionsLost(partitions)));
        }
    }

    private Map<TopicPartition, Long> assign(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> generations = lanes.assign(partitions);
        meter.assigned(generations.keySet());
        lanes.tellChanges();
        loop.memoryReturned();
        return generations;
    }

    private boolean tellAssigned(ConsumerRebalanceListener listener, Set<TopicPartition> added) {
        return call(() -> meter.timeListener(Told.ASSIGNED, () -> listener.onPartitionsAssigned(added)));
    }

    /**
     * Calls code of the application, whose time counts as time out of poll; keeps the first thing that it throws.
     *
     * @return whether it has thrown nothing
     */
    private boolean call(Runnable code) {
        boolean inPoll = loop.isInPoll();
        inside = true;
        loop.pollLeft();
        try {
            code.run();
            return true;
        } catch (Throwable e) { // code of the application may throw anything
            if (failure == null) {
                failure = e;
            } else if (failure != e) { // nothing can be suppressed in itself
                failure.addSuppressed(e);
            }
            return false;
        } finally {
            inside = false;
            if (inPoll) {
                loop.pollEntered();
            }
        }
    }

    private static Set<TopicPartition> sorted(Collection<TopicPartition> partitions) {
        Set<TopicPartition> sorted = new TreeSet<>(BY_NAME);
        sorted.addAll(partitions);
        return sorted;
    }

    private final class Taking implements GroupNotice.Visitor {
        /** What was read ahead is dropped; the consumed positions stay for commits and for the listener. */
        @Override
        public void revoked(GroupNotice.Revoked notice) {
            Set<TopicPartition> taken = withhold(notice);
            boolean mayCommit = notice.loss() == GroupNotice.Loss.REVOKED && commitsRevoked && autoCommit.isOn();
            long commitId = (mayCommit && !taken.isEmpty())
                    ? commits.commitBeforeRebalance(autoCommit.beforeRevocation(taken), commitTimeoutNanos)
                    : NO_COMMIT;
            revoking = new Revocation(notice, taken, commitId, false);
        }

        @Override
        public void assigned(GroupNotice.Assigned notice) {
            identity.become(notice.identity());
            autoCommit.commitKept();
            Map<TopicPartition, Long> generations = assign(notice.owned());
            loop.submit((engine, nowNanos) -> engine.assignInGroup(generations, nowNanos));
            String assignor = notice.assignor();
            MemberAssignment assignment = notice.assignment();
            if (assignor != null && assignment != null) {
                call(() -> assignors.onAssignment(assignor, assignment, identity.metadata()));
            }
            Set<TopicPartition> added = sorted(notice.added());
            ConsumerRebalanceListener listener = subscriptions.listener();
            boolean told = listener == null || tellAssigned(listener, added);
            if (!told) {
                untold.addAll(added);
            }
            Set<TopicPartition> mayBeFetched = told ? added : Set.of();
            autoCommit.assignmentChanged();
            loop.submit((engine, nowNanos) -> engine.group().taken(notice.token(), mayBeFetched, nowNanos));
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            boolean inPoll = loop.isInPoll();
            loop.pollLeft();
            try {
                Map<String, MemberAssignment> plan =
                        assignors.assign(notice.assignor(), notice.subscriptions(), notice.cluster());
                loop.submit((engine, nowNanos) ->
                        engine.group().membership().assignmentMade(notice.token(), plan, nowNanos));
            } catch (Throwable e) { // an assignor may throw anything
                KafkaException cause = e instanceof KafkaException known
                        ? known
                        : new KafkaException("The assignor '" + notice.assignor() + "' has thrown", e);
                loop.submit((engine, nowNanos) ->
                        engine.group().membership().assignmentFailed(notice.token(), cause, nowNanos));
                if (e instanceof Error error) {
                    throw error;
                }
            } finally {
                if (inPoll) {
                    loop.pollEntered();
                }
            }
        }

        @Override
        public void identified(GroupNotice.Identified notice) {
            identity.become(notice.identity());
        }

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {
            throw new IllegalStateException("the outcome of a commit among other notices; this is a bug in Surefoot");
        }

        @Override
        public void left(GroupNotice.Left notice) {
            left = true;
        }
    }
}
