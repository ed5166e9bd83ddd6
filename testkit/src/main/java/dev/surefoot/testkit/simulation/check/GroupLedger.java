package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.coordinator.CoordinatorLedger;
import dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel;
import dev.surefoot.testkit.simulation.coordinator.GroupMemberView;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all members of a group: what the coordinator has granted and stored, who owns what, and which
 * records were given to whom. Checks what needs the view of more than one of them: G3, G4, G11, G12 and G21.
 */
public final class GroupLedger {
    /**
     * Where and how a group is checked.
     *
     * @param isFetchingUndisturbed whether nothing happens by which fetching would pause, but for the group
     * @param autoCommitNanos the interval of automatic commits if the application has no others, nor anything keeps
     *     them from leaving; otherwise 0
     */
    public record Terms(
            boolean readCommitted,
            boolean resetsToEnd,
            boolean allCooperative,
            boolean autoCommit,
            long maxPollNanos,
            long heartbeatNanos,
            boolean isFetchingUndisturbed,
            long autoCommitNanos) {}

    /** A partition that the coordinator has given to a member. */
    private record Granted(String memberId, TopicPartition partition) {}

    /** How old the metadata of a client may be, and the time to get new one. */
    private static final long METADATA_NANOS = 7_000_000_000L;

    private final Map<String, Long> recreatedNanos = new HashMap<>();
    private final String groupId;
    private final LongSupplier nanos;
    private final ModelCluster cluster;
    private final Ledger records;
    private final GroupCoordinatorModel coordinator;
    private final BooleanSupplier booksAreLost;
    private final Terms terms;
    private final GroupStates states;
    private final GroupProgress progress;
    private final List<MemberLedger> members = new ArrayList<>();
    /** The newest generation or epoch under which each partition was given to each member. */
    private final Map<Granted, Integer> grants = new HashMap<>();

    /** @param booksAreLost whether the coordinator has lost writes, so that its word contradicts its earlier word */
    public GroupLedger(
            String groupId,
            LongSupplier nanos,
            ModelCluster cluster,
            Ledger records,
            GroupCoordinatorModel coordinator,
            BooleanSupplier booksAreLost,
            Terms terms,
            GroupStates states) {
        this.groupId = groupId;
        this.nanos = nanos;
        this.cluster = cluster;
        this.records = records;
        this.coordinator = coordinator;
        this.booksAreLost = booksAreLost;
        this.terms = terms;
        this.states = states;
        this.progress = new GroupProgress(terms.readCommitted());
    }

    /** Enters a member, by the name that stories have for it; a static one may not leave by itself. */
    public MemberLedger member(String name, boolean isStatic) {
        MemberLedger member = new MemberLedger(name, isStatic, this);
        members.add(member);
        return member;
    }

    long nowNanos() {
        return nanos.getAsLong();
    }

    Ledger records() {
        return records;
    }

    GroupProgress progress() {
        return progress;
    }

    GroupStates states() {
        return states;
    }

    Terms terms() {
        return terms;
    }

    /** Whether the coordinator has lost writes: then its generations may begin again from an earlier number. */
    boolean booksAreLost() {
        return booksAreLost.getAsBoolean();
    }

    /** A topic was deleted, and another one of its name created. */
    public void recreated(String topic) {
        recreatedNanos.put(topic, nanos.getAsLong());
    }

    /** Whether the metadata of clients may still have been that of a deleted topic when this began. */
    boolean isJustRecreated(Ownership ownership) {
        Long at = recreatedNanos.get(ownership.name.topic());
        return at != null && ownership.beganNanos <= at + METADATA_NANOS;
    }

    /** Whether there is a topic with this id now. */
    boolean isThere(Uuid topic) {
        return cluster.topics().stream().anyMatch(each -> each.id().equals(topic));
    }

    /** The name of the topic that has, or once had, this id, or null. */
    @Nullable String nameEver(Uuid topic) {
        return cluster.nameEver(topic);
    }

    @Nullable ModelPartition log(TopicPartition name) {
        return cluster.partition(name);
    }

    /** Reads what the coordinator has done since the last call. */
    public void readCoordinator() {
        CoordinatorLedger ledger = coordinator.ledger();
        for (CoordinatorLedger.Grant grant : ledger.grants()) {
            grant.partitions()
                    .forEach(partition ->
                            grants.put(new Granted(grant.memberId(), partition), grant.generationOrEpoch()));
        }
        List<CoordinatorLedger.Commit> commits = ledger.commits();
        ledger.clear();
        commits.forEach(this::stored);
    }

    // Ownership.

    /** Checks that the coordinator has given a partition, and nobody else has it (G3, G4). */
    void requireGranted(MemberLedger member, Ownership begun) {
        if (booksAreLost()) {
            return;
        }
        Integer at = grants.get(new Granted(begun.memberId, begun.name));
        if (at == null) {
            throw new Violation(
                    "G3",
                    member + " is told to own " + begun.name + " as '" + begun.memberId
                            + "', which the coordinator never gave it");
        }
        if (isJustRecreated(begun)) {
            return; // the word of it may be that of the deleted topic
        }
        Map<String, Integer> counted = null;
        for (MemberLedger other : members) {
            Ownership theirs = other == member ? null : other.ownership(begun.name);
            if (theirs == null || theirs.log != begun.log || theirs.isOfAnotherTopic || theirs.isForfeited) {
                continue;
            }
            counted = counted == null ? counted() : counted;
            boolean both = counted.containsKey(begun.memberId) && counted.containsKey(theirs.memberId);
            // A static member that has missed the rebalance timeout is counted still, and given nothing that it has.
            boolean hasMissedRound = other.isStatic() && other.epoch() < member.epoch();
            if (both && !hasMissedRound && (terms.allCooperative() || other.epoch() == member.epoch())) {
                throw new Violation("G4", begun + " by " + member + ", while " + other + " owns it, too: " + theirs);
            }
        }
    }

    private Map<String, Integer> counted() {
        Map<String, Integer> counted = new HashMap<>();
        for (GroupMemberView view : coordinator.members(groupId)) {
            counted.put(view.memberId(), view.generationOrEpoch());
        }
        return counted;
    }

    /** Whether the coordinator counts the member, and holds one of these partitions for it. */
    boolean isHolding(String memberId, int epoch, Set<TopicPartition> partitions) {
        for (GroupMemberView view : coordinator.members(groupId)) {
            if (view.memberId().equals(memberId) && view.generationOrEpoch() == epoch) {
                Set<TopicPartition> held = new HashSet<>(view.held());
                held.retainAll(partitions);
                return !held.isEmpty();
            }
        }
        return false;
    }

    // Commits.

    private void stored(CoordinatorLedger.Commit commit) {
        ModelPartition log = cluster.partition(commit.partition());
        if (commit.producerId() >= 0
                || log == null
                || !log.topicId().equals(commit.stored().topicId())) {
            return;
        }
        Long recreatedAt = recreatedNanos.get(commit.partition().topic());
        if (recreatedAt != null && nowNanos() <= recreatedAt + METADATA_NANOS) {
            // It may have been sent when this name was that of the deleted topic.
            progress.disturb(log, commit.stored().offset());
        }
        LogRecord missing = progress.missing(log, commit.stored().offset());
        if (missing != null) {
            throw new Violation(
                    "G21",
                    "'" + commit.memberId() + "' has committed "
                            + commit.stored().offset() + " of " + commit.partition() + ", and nobody was given offset "
                            + missing.offset());
        }
        if (booksAreLost() || commit.memberId().isEmpty()) {
            return;
        }
        Ownership committer = null;
        for (MemberLedger member : members) {
            Ownership newest = member.newest(commit.partition());
            if (newest == null || !newest.memberId.equals(commit.memberId())) {
                continue;
            }
            // A commit may be stored after the coordinator has been told that its owner has given the partition up.
            committer = newest;
            if (!newest.isEndTold) {
                inOrder(newest, commit);
            }
        }
        for (MemberLedger member : members) {
            Ownership other = member.ownership(commit.partition());
            if (other == null || other.memberId.equals(commit.memberId())) {
                continue;
            }
            if (isNext(committer, other) && !other.isOfAnotherTopic && !other.answers.isEmpty() && other.log == log) {
                throw new Violation(
                        "G12",
                        "'" + commit.memberId() + "' has committed "
                                + commit.stored().offset() + " of " + commit.partition() + ", which " + member
                                + " has already begun to read: " + other);
            }
        }
    }

    /** Whether a partition was given to this owner after the one that commits; a fenced member may hear of it late. */
    private static boolean isNext(@Nullable Ownership committer, Ownership other) {
        return committer == null
                || (committer.beganNanos < other.beganNanos
                        && committer.epoch <= other.epoch
                        && committer.givenTopic.equals(other.givenTopic));
    }

    /** Checks that what one owner stores never goes back without a reason (G11). */
    private void inOrder(Ownership ownership, CoordinatorLedger.Commit commit) {
        long offset = commit.stored().offset();
        boolean mayGoBack = ownership.isSought
                || ownership.isOfAnotherTopic
                || isJustRecreated(ownership)
                || !commit.stored().topicId().equals(ownership.givenTopic);
        if (offset < ownership.stored && !mayGoBack) {
            throw new Violation(
                    "G11",
                    commit.partition() + " was committed at " + ownership.stored + ", and now at " + offset
                            + ", by the same owner: " + ownership);
        }
        ownership.stored = offset;
    }

    // The end.

    /** Returns what nobody has been given of these partitions, in words; empty if all is given. */
    public List<String> undelivered(Set<TopicPartition> partitions) {
        List<String> undelivered = new ArrayList<>();
        for (TopicPartition name : partitions) {
            ModelPartition log = cluster.partition(name);
            LogRecord missing = log == null ? null : progress.missing(log, progress.end(log));
            if (terms.resetsToEnd() && !isBegun(name)) {
                undelivered.add("anything of " + name);
            } else if (missing != null) {
                undelivered.add("offset " + missing.offset() + " of " + name);
            }
        }
        return undelivered;
    }

    /** Whether each of these partitions is being read, if positions are reset to the end where there is none. */
    public boolean areBegun(Set<TopicPartition> partitions) {
        return !terms.resetsToEnd() || partitions.stream().allMatch(this::isBegun);
    }

    private boolean isBegun(TopicPartition name) {
        return members.stream()
                .map(member -> member.ownership(name))
                .anyMatch(ownership -> ownership != null && ownership.next != Ownership.UNKNOWN);
    }
}
