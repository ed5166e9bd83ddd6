package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.group.Commit;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The application's side of a member, the smallest that does as the shipped one: it takes notices in their order, reads
 * one record of each partition that it owns, and commits what it has read, in a later poll or before it gives the
 * partition up. Partitions are placed at the committed offset when they are taken, which takes no time.
 */
public class SmallApplication {
    private static final long NO_COMMIT = -1;

    final SmallMember member;
    final MemberChecks checks;
    /** The next offset to read of each partition that it owns. */
    final Map<TopicPartition, Long> positions = new TreeMap<>(SmallAssignor.ORDER);
    /** What the coordinator has stored, as far as it knows. */
    final Map<TopicPartition, Long> committed = new TreeMap<>(SmallAssignor.ORDER);

    private final List<GroupNotice> mail = new ArrayList<>();
    private final Set<TopicPartition> held = new TreeSet<>(SmallAssignor.ORDER);
    private MemberIdentity identity;
    /** The notice whose listener, or assignor, has been called and has not returned. */
    private @Nullable GroupNotice taken;
    /** The commit that has no outcome. */
    private long commitId = NO_COMMIT;

    private long commits;
    private boolean forgotten;

    protected SmallApplication(SmallMember member) {
        this.member = member;
        this.checks = member.checks;
        this.identity = MemberIdentity.none(SmallGroup.GROUP, null);
    }

    // What the loop says.

    final void notice(GroupNotice notice) {
        notice.accept(new Receiving());
    }

    final void supersede(GroupNotice.Revoked notice) {
        mail.replaceAll(each -> each.token() == notice.token() ? notice : each);
    }

    final void hold(Set<TopicPartition> partitions) {
        partitions.stream().filter(positions::containsKey).forEach(held::add);
    }

    /** The outcome of a commit has come. */
    protected void settled(boolean stored) {}

    // Polls.

    final boolean mayPoll() {
        return taken == null
                && (member.isAway() || !mail.isEmpty() || !readable().isEmpty() || hasToCommit());
    }

    /** Takes one notice, or reads, or commits. */
    protected void poll() {
        while (!mail.isEmpty() && mail.get(0) instanceof GroupNotice.Identified identified) {
            identity = identified.identity();
            mail.remove(0);
        }
        if (!mail.isEmpty()) {
            take(mail.remove(0));
        } else if (!readable().isEmpty()) {
            readable().forEach(this::read);
        } else if (hasToCommit()) {
            submit(Commit.Kind.ASYNC, dirty(positions.keySet()));
        }
    }

    /** The partitions with a record that can be read now. */
    protected final List<TopicPartition> readable() {
        return positions.keySet().stream()
                .filter(partition -> !held.contains(partition) && position(partition) < records())
                .toList();
    }

    private void read(TopicPartition partition) {
        long offset = position(partition);
        deliver(partition, offset);
        positions.put(partition, offset + 1);
    }

    /** Hands the record at this offset to whoever polls. */
    protected final void deliver(TopicPartition partition, long offset) {
        checks.delivered(partition, offset);
    }

    /** The records in each partition. */
    protected final int records() {
        return member.world.records();
    }

    /** The partitions that it owns. */
    protected final Set<TopicPartition> owned() {
        return Set.copyOf(positions.keySet());
    }

    /** Whether no commit waits for its outcome, and the coordinator takes one. */
    protected final boolean mayCommit() {
        return commitId == NO_COMMIT && member.membership.isMember();
    }

    protected final long position(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    private boolean hasToCommit() {
        return mayCommit() && !dirty(positions.keySet()).isEmpty();
    }

    /** What it commits of these partitions: the offsets that it has read to and not committed. */
    protected Map<TopicPartition, Long> dirty(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> dirty = new TreeMap<>(SmallAssignor.ORDER);
        for (TopicPartition partition : partitions) {
            long position = position(partition);
            if (position > committed(partition)) {
                dirty.put(partition, position);
            }
        }
        return dirty;
    }

    /** The offset that the coordinator has stored, as far as it knows. */
    protected final long committed(TopicPartition partition) {
        return committed.getOrDefault(partition, 0L);
    }

    protected void submit(Commit.Kind kind, Map<TopicPartition, Long> offsets) {
        checks.committing(offsets);
        Map<TopicPartition, OffsetAndMetadata> said = new TreeMap<>(SmallAssignor.ORDER);
        offsets.forEach((partition, offset) -> said.put(partition, new OffsetAndMetadata(offset)));
        commitId = ++commits;
        committed.putAll(offsets);
        long nowNanos = member.world.nowNanos();
        member.commits()
                .submit(new Commit(
                        commitId, kind, identity, said, Deadline.after(nowNanos, SmallGroup.MAX_POLL_MS * 1_000_000L)));
    }

    // Notices.

    private void take(GroupNotice notice) {
        taken = notice;
        notice.accept(new Taking());
    }

    /** Whether the listener can return: it does so when the commit before it has its outcome. */
    final boolean mayReturn() {
        return taken != null && !forgotten && (commitId == NO_COMMIT || !(taken instanceof GroupNotice.Revoked));
    }

    /** The listener returns. */
    void returns() {
        GroupNotice notice = taken;
        taken = null;
        if (notice != null) {
            notice.accept(new Answering());
        }
        member.turn();
    }

    /** The listener throws, which changes nothing for the group. */
    protected void listenerThrows() {
        returns();
    }

    /** The listener has ended, and nobody notices. */
    protected final void forgetListener() {
        forgotten = true;
    }

    /** It is about to give partitions up: none of these is read any more until they are given up. */
    protected final void pause(Set<TopicPartition> partitions) {
        held.addAll(partitions);
    }

    /** It has taken a notice that takes partitions away. */
    protected void revoking(GroupNotice.Revoked notice) {}

    /** What becomes of data and positions when these partitions are given up. */
    protected void dropped(Set<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
        committed.keySet().removeAll(partitions);
        held.removeAll(partitions);
    }

    private final class Receiving implements GroupNotice.Visitor {
        @Override
        public void revoked(GroupNotice.Revoked notice) {
            mail.add(notice);
            checks.revoking(notice);
        }

        @Override
        public void assigned(GroupNotice.Assigned notice) {
            mail.add(notice);
            checks.assigning(notice);
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            mail.add(notice);
        }

        @Override
        public void identified(GroupNotice.Identified notice) {
            mail.add(notice);
        }

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {
            commitId = notice.commitId() == commitId ? NO_COMMIT : commitId;
            settled(notice.failure() == null);
        }

        @Override
        public void left(GroupNotice.Left notice) {
            mail.add(notice);
        }
    }

    private final class Taking implements GroupNotice.Visitor {
        @Override
        public void revoked(GroupNotice.Revoked notice) {
            checks.revoked(notice);
            SmallApplication.this.revoking(notice);
            Map<TopicPartition, Long> unsaved = dirty(notice.partitions());
            if (notice.loss() == Loss.REVOKED && !unsaved.isEmpty()) {
                submit(Commit.Kind.BEFORE_REBALANCE, unsaved);
            }
        }

        @Override
        public void assigned(GroupNotice.Assigned notice) {
            identity = notice.identity();
            checks.assigned(notice);
            for (TopicPartition added : notice.added()) {
                long start = member.world.storedOffset(added);
                positions.put(added, start);
                committed.put(added, start);
                member.world.checks().starts(added, member);
            }
            checks.assignedTo(positions.keySet(), notice.owned());
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            // The assignor runs until it returns.
        }

        @Override
        public void identified(GroupNotice.Identified notice) {
            identity = notice.identity();
            taken = null;
        }

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {
            throw new IllegalStateException("the outcome of a commit among other notices");
        }

        @Override
        public void left(GroupNotice.Left notice) {
            checks.left(positions.keySet());
            taken = null;
        }
    }

    private final class Answering implements GroupNotice.Visitor {
        @Override
        @SuppressWarnings("NullAway") // it does not see in a class file that the values may be null
        public void revoked(GroupNotice.Revoked notice) {
            dropped(notice.partitions());
            member.commits().release(notice.partitions());
            Map<String, @Nullable ByteBuffer> userData = new HashMap<>();
            if (notice.joinFollows()) {
                userData.put(SmallAssignor.NAME, null);
            }
            member.membership.released(notice.token(), notice.partitions(), userData, member.world.nowNanos());
        }

        @Override
        public void assigned(GroupNotice.Assigned notice) {
            member.membership.taken(notice.token(), member.world.nowNanos());
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            Integer partitions = notice.cluster().partitionCountForTopic(SmallGroup.TOPIC);
            member.membership.assignmentMade(
                    notice.token(),
                    SmallAssignor.assign(notice.subscriptions(), partitions == null ? 0 : partitions),
                    member.world.nowNanos());
        }

        @Override
        public void identified(GroupNotice.Identified notice) {}

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {}

        @Override
        public void left(GroupNotice.Left notice) {}
    }

    final void crash() {
        positions.clear();
        committed.clear();
        held.clear();
        mail.clear();
        taken = null;
        commitId = NO_COMMIT;
    }

    // What the checks look at.

    final Set<TopicPartition> held() {
        return held;
    }

    /** Whether it was asked for something, and has not answered. */
    final boolean isAsked() {
        return taken != null || !mail.isEmpty();
    }

    /** Whether it has nothing to do for its group. */
    final boolean isIdle() {
        return mail.isEmpty() && taken == null && commitId == NO_COMMIT;
    }

    final MemberIdentity knownIdentity() {
        return identity;
    }

    @Override
    public final String toString() {
        return positions + (held.isEmpty() ? "" : " (held " + held + ")") + (taken == null ? "" : " in a listener");
    }
}
