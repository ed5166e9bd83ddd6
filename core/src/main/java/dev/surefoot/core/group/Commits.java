package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Stores the offsets that the application commits, in the order in which it does. The coordinator handles the requests
 * of one connection in their order, so several are on the wire at once. One that has to be sent again waits until
 * nothing newer is on the wire, goes before everything newer, and leaves out what a newer one has stored. Outcomes
 * leave as {@link GroupNotice.CommitSettled}, each once, in the order of submission. Owned by the loop's thread.
 */
public final class Commits implements Requester {
    /** One less than a connection takes: commits that follow each other densely do not keep heartbeats from it. */
    private static final int ON_WIRE_MAX = 4;

    private enum Due implements Deadlines.Name {
        /** A commit may be sent again. */
        COMMIT_RETRY,
        /** A commit has failed unless it is answered until then. */
        COMMIT_DEADLINE
    }

    private final GroupSettings settings;
    private final Coordinator coordinator;
    private final MemberStanding membership;
    private final TopicDirectory topics;
    private final Backoff backoff;
    private final Consumer<GroupEffect> effects;

    /** In the order of submission; those at the front that have ended are removed. */
    private final List<PendingCommit> pending = new ArrayList<>();

    private long submitted;

    /**
     * @param topics the ids of topics
     * @param backoff the delays before a commit is sent again
     */
    public Commits(
            GroupSettings settings,
            Coordinator coordinator,
            MemberStanding membership,
            TopicDirectory topics,
            Backoff backoff,
            Consumer<GroupEffect> effects) {
        this.settings = settings;
        this.coordinator = coordinator;
        this.membership = membership;
        this.topics = topics;
        this.backoff = backoff;
        this.effects = effects;
    }

    /** Takes over a commit. One without offsets needs no request, and is settled when all before it are. */
    public void submit(Commit commit) {
        pending.add(new PendingCommit(commit, topics::id, coordinator.failure()));
        submitted++;
        notifySettled();
    }

    /** The application waits no longer for this commit: it is settled, but not sent again. */
    public void abandon(long commitId) {
        pending.stream().filter(commit -> commit.id() == commitId).forEach(PendingCommit::abandon);
        notifySettled();
    }

    /**
     * The application gives up these partitions, and others may own them soon. A member's commit of them that is not on
     * the wire fails, and one that is on the wire is not sent again: later it could replace the next owner's offset.
     */
    public void release(Set<TopicPartition> partitions) {
        for (PendingCommit commit : pending) {
            boolean concerned = !Collections.disjoint(commit.remaining().keySet(), partitions);
            if (concerned && commit.identity() != null) {
                commit.sendNoMore(CommitErrors.givenUp(partitions));
            }
        }
        notifySettled();
    }

    /** How many commits were submitted so far. */
    long submitted() {
        return submitted;
    }

    /** Whether none of the first {@code count} commits that a member has made waits to be sent. */
    boolean areSent(long count) {
        return first(count).stream().noneMatch(commit -> commit.identity() != null && commit.waits());
    }

    /** Whether the outcome of the first {@code count} commits is known, as far as a member has made them. */
    boolean areSettled(long count) {
        return first(count).stream().noneMatch(commit -> commit.identity() != null && !commit.hasEnded());
    }

    private List<PendingCommit> first(long count) {
        long toldBefore = submitted - pending.size();
        return pending.subList(0, (int) Math.max(0, count - toldBefore));
    }

    /** The consumer closes and waits no longer: what is not settled by now fails. */
    public void endAll() {
        KafkaException failure = CommitErrors.closing(coordinator.instance() != null);
        pending.forEach(commit -> commit.end(failure));
        notifySettled();
    }

    /** Whether the outcome of every commit was told. */
    public boolean allSettled() {
        return pending.isEmpty();
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        long nowNanos = turn.nowNanos();
        endLate(nowNanos);
        endUnsendable();
        removeOutdated();
        send(outbox, nowNanos);
        pending.forEach(PendingCommit::endIfNotToBeSent);
        notifySettled();
    }

    private void endLate(long nowNanos) {
        for (PendingCommit commit : pending) {
            if (Deadline.passed(commit.deadlineNanos(), nowNanos)) {
                commit.endLate();
            }
        }
    }

    /** Ends what must not be sent: its sender is no member any more, or the coordinator cannot be found. */
    private void endUnsendable() {
        KafkaException lookupFailure = coordinator.failure();
        for (PendingCommit commit : pending) {
            if (!commit.waits()) {
                continue;
            }
            KafkaException refusal = refusal(commit);
            if (refusal != null) {
                commit.end(refusal);
            } else if (lookupFailure != null && commit.isConcernedBy(lookupFailure)) {
                commit.end(lookupFailure);
            }
        }
    }

    /** Why the commit must not be sent under the present identity, or null if it may be. */
    private @Nullable KafkaException refusal(PendingCommit commit) {
        MemberIdentity madeUnder = commit.identity();
        if (madeUnder == null) {
            return null;
        }
        if (madeUnder.incarnation() != membership.identity().incarnation()) {
            return CommitErrors.noMember("its membership has ended since");
        }
        boolean awaitsPlan = settings.protocol() == GroupSettings.Protocol.CLASSIC && membership.isRebalancing();
        if (awaitsPlan && commit.kind() != Commit.Kind.BEFORE_REBALANCE) {
            return CommitErrors.rebalancing();
        }
        return membership.isMember() ? null : CommitErrors.noMember("it has not joined, or has left");
    }

    /** An offset that was consumed from a topic that is gone must not become one of the topic that has its name now. */
    private void removeOutdated() {
        Set<TopicPartition> outdated = new LinkedHashSet<>();
        for (PendingCommit commit : pending) {
            if (commit.waits()) {
                outdated.addAll(commit.removeOutdated(topics::id));
            }
        }
        if (!outdated.isEmpty()) {
            effects.accept(new GroupEffect.Report(new GroupEvent.OffsetsOutdated(outdated)));
            notifySettled();
        }
    }

    private void send(Outbox outbox, long nowNanos) {
        for (int at = 0; at < pending.size(); at++) {
            PendingCommit commit = pending.get(at);
            if (commit.waits()) {
                boolean mayBeSent = commit.retryAtNanos() <= nowNanos
                        && coordinator.commitsOnWire() < ON_WIRE_MAX
                        && !isOnWireAfter(at);
                if (!mayBeSent || !send(outbox, commit, nowNanos)) {
                    return;
                }
            }
        }
    }

    private boolean isOnWireAfter(int at) {
        return pending.subList(at + 1, pending.size()).stream().anyMatch(PendingCommit::isOnWire);
    }

    /** Sends one commit if its coordinator is ready; returns whether the next one may follow. */
    private boolean send(Outbox outbox, PendingCommit commit, long nowNanos) {
        Coordinator.Instance to = coordinator.reach(outbox);
        if (to == null) {
            return false;
        }
        MemberIdentity identity =
                commit.identity() == null ? MemberIdentity.none(settings.groupId(), null) : membership.identity();
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>(commit.remaining());
        OffsetCommitRequest request = new OffsetCommitRequest(
                to.node().id(),
                identity,
                offsets,
                commit.topicIds(),
                settings.timing().requestTimeoutNanos());
        boolean sent = outbox.send(request, new CommitReply(commit, to, identity, offsets, nowNanos));
        if (sent) {
            commit.sent();
            coordinator.commitSent();
        }
        return sent;
    }

    private final class CommitReply implements Reply<OffsetCommitResponse> {
        private final PendingCommit commit;
        private final Coordinator.Instance to;
        private final MemberIdentity identity;
        private final Map<TopicPartition, OffsetAndMetadata> offsets;
        private final long sentAtNanos;

        CommitReply(
                PendingCommit commit,
                Coordinator.Instance to,
                MemberIdentity identity,
                Map<TopicPartition, OffsetAndMetadata> offsets,
                long sentAtNanos) {
            this.commit = commit;
            this.to = to;
            this.identity = identity;
            this.offsets = offsets;
            this.sentAtNanos = sentAtNanos;
        }

        @Override
        public void answered(OffsetCommitResponse answer, long nowNanos) {
            ended();
            effects.accept(
                    new GroupEffect.Report(new GroupEvent.RequestEnded(GroupEvent.Api.COMMIT, nowNanos - sentAtNanos)));
            CommitAnswer said = new CommitAnswer(offsets.keySet(), answer.partitions());
            if (said.reaction() != CommitReaction.FIND_COORDINATOR) {
                coordinator.confirm(to);
            }
            commit.remove(said.stored());
            before(commit).forEach(earlier -> earlier.remove(said.stored()));
            react(said, nowNanos);
            notifySettled();
            tellMembership(said, nowNanos);
        }

        private void ended() {
            coordinator.commitEnded();
            commit.answered();
        }

        private void react(CommitAnswer said, long nowNanos) {
            switch (said.reaction()) {
                case STORED -> {}
                case UNKNOWN_TOPIC -> {
                    effects.accept(new GroupEffect.RefreshMetadata());
                    if (commit.kind() == Commit.Kind.BEFORE_REBALANCE) {
                        commit.remove(said.decisive());
                    } else {
                        commit.failed(said.exception(), nowNanos, backoff::delayNanos);
                    }
                }
                case BACK_OFF -> commit.failed(said.exception(), nowNanos, backoff::delayNanos);
                case FIND_COORDINATOR -> {
                    coordinator.forget(to, "it answered " + said.describe() + " to a commit");
                    commit.failed(said.exception(), nowNanos, backoff::delayNanos);
                }
                case UNAUTHORIZED_TOPIC -> commit.end(said.unauthorized());
                case RAISE -> commit.end(raised(said));
                case STALE_EPOCH -> staleEpoch(said, nowNanos);
                case REBALANCING -> commit.end(CommitErrors.rebalancing());
                case NO_MEMBER -> commit.end(noMember(said));
                case FENCED -> commit.end(isPresentIdentity() ? said.exception() : noMember(said));
            }
        }

        private KafkaException raised(CommitAnswer said) {
            return said.error() == BrokerError.GROUP_AUTHORIZATION_FAILED
                    ? GroupErrors.unauthorized(settings.groupId())
                    : said.exception();
        }

        /**
         * Coordinators before KIP-1251 refuse a commit whose epoch was raised while it was on its way, though nothing
         * was taken from the member.
         */
        private void staleEpoch(CommitAnswer said, long nowNanos) {
            MemberIdentity present = membership.identity();
            boolean sameMembership = commit.identity() != null && present.incarnation() == identity.incarnation();
            boolean raised = sameMembership && present.epoch() > identity.epoch();
            if (sameMembership && commit.kind() == Commit.Kind.BEFORE_REBALANCE) {
                commit.failed(said.exception(), nowNanos, failures -> raised ? 0 : backoff.delayNanos(failures));
            } else if (!raised
                    || !membership.owned().containsAll(commit.remaining().keySet())) {
                commit.end(CommitErrors.staleEpoch());
            } else if (!commit.retryForEpoch()) {
                commit.end(CommitErrors.staleEpoch());
            }
        }

        private KafkaException noMember(CommitAnswer said) {
            boolean rejoins = commit.identity() != null && !isPresentIdentity() && membership.isRebalancing();
            return rejoins
                    ? CommitErrors.rebalancing()
                    : CommitErrors.noMember("the coordinator answered " + said.describe());
        }

        private boolean isPresentIdentity() {
            return commit.identity() != null && identity.equals(membership.identity());
        }

        private void tellMembership(CommitAnswer said, long nowNanos) {
            boolean aboutIdentity =
                    switch (said.reaction()) {
                        case STALE_EPOCH, REBALANCING, NO_MEMBER, FENCED -> true;
                        case STORED, UNKNOWN_TOPIC, BACK_OFF, FIND_COORDINATOR, UNAUTHORIZED_TOPIC, RAISE -> false;
                    };
            if (aboutIdentity && isPresentIdentity()) {
                membership.commitRefused(said.error(), identity, nowNanos);
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            ended();
            switch (failure.kind()) {
                case AUTHENTICATION, UNSUPPORTED_VERSION -> commit.end(failure.cause());
                case DISCONNECTED, TIMED_OUT, MALFORMED -> {
                    coordinator.forget(
                            to, "a commit was not answered: " + failure.cause().getMessage());
                    before(commit).forEach(earlier -> earlier.removeUnsure(offsets.keySet()));
                    commit.failed(failure.cause(), nowNanos, backoff::delayNanos);
                }
            }
            notifySettled();
        }
    }

    /** The commits that were submitted before this one and whose outcome was not told yet. */
    private List<PendingCommit> before(PendingCommit commit) {
        int at = pending.indexOf(commit);
        return at < 0 ? List.of() : pending.subList(0, at);
    }

    private void notifySettled() {
        for (PendingCommit commit : pending) {
            if (commit.waits()) {
                commit.endIfNothingRemains();
            }
        }
        while (!pending.isEmpty() && pending.get(0).hasEnded()) {
            PendingCommit settled = pending.remove(0);
            effects.accept(new GroupEffect.Notify(new GroupNotice.CommitSettled(settled.id(), settled.outcome())));
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        for (PendingCommit commit : pending) {
            if (!commit.hasEnded()) {
                deadlines.enter(Due.COMMIT_DEADLINE, commit.deadlineNanos());
                if (commit.retryAtNanos() > nowNanos) {
                    deadlines.enter(Due.COMMIT_RETRY, commit.retryAtNanos());
                }
            }
        }
    }
}
