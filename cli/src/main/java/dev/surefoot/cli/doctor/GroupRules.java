package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.GroupView.Phase.ABSENT;
import static dev.surefoot.cli.doctor.GroupView.Phase.EMPTY;
import static dev.surefoot.cli.doctor.GroupView.Phase.REBALANCING;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules about the group as a whole, and about who has a partition. */
final class GroupRules {

    /** A crash of a broker and a restart of an application may take this long. */
    private static final long PATIENCE_MS = 20_000;

    private static final long LOADING_PATIENCE_MS = 60_000;
    private static final long REBALANCE_PATIENCE_MS = 30_000;

    /** The most names that are listed. */
    private static final int NAMES_MAX = 3;

    private GroupRules() {}

    /** Returns what is wrong with the group itself; empty if its partitions have to be looked at. */
    static Optional<Finding> ofGroup(Examination all) {
        GroupView group = all.last().group();
        return switch (group.phase()) {
            case COORDINATOR_MISSING -> Optional.of(coordinator(all, Cause.COORDINATOR_MISSING, PATIENCE_MS));
            case COORDINATOR_LOADING -> Optional.of(coordinator(all, Cause.COORDINATOR_LOADING, LOADING_PATIENCE_MS));
            case COORDINATOR_UNREACHABLE -> Optional.of(coordinator(all, Cause.COORDINATOR_UNREACHABLE, PATIENCE_MS));
            case UNSEEN -> Optional.of(Finding.waiting(Cause.NOT_SEEN, group.state()));
            case REBALANCING -> Optional.of(rebalance(all));
            case ABSENT, EMPTY, STABLE -> all.last().untold().map(what -> Finding.waiting(Cause.NOT_SEEN, what));
        };
    }

    private static Finding coordinator(Examination all, Cause cause, long patienceMs) {
        long lasting = all.phaseMs();
        String evidence =
                "for " + Spoken.duration(lasting) + ": " + all.last().group().state();
        return all.lasting(cause, lasting, patienceMs).and(List.of(evidence));
    }

    private static Finding rebalance(Examination all) {
        long lasting = all.phaseMs();
        GroupView group = all.last().group();
        String state = "state " + group.state() + " in every look for " + Spoken.duration(lasting);
        Finding found =
                all.lasting(Cause.JOINING_GROUP, lasting, REBALANCE_PATIENCE_MS).and(List.of(state));
        return found.isStalled() ? found.and(lateMembers(group)) : found;
    }

    private static List<String> lateMembers(GroupView group) {
        List<MemberView> late =
                group.members().stream().filter(each -> isLate(each, group)).toList();
        if (late.isEmpty()) {
            return List.of(group.members().size() + " members; which of them is late is not visible from outside");
        }
        return List.of("behind the group's epoch " + group.epoch().getAsInt() + ": " + names(late));
    }

    private static boolean isLate(MemberView member, GroupView group) {
        return group.epoch().isPresent()
                && member.epoch().isPresent()
                && member.epoch().getAsInt() < group.epoch().getAsInt();
    }

    private static String names(List<MemberView> members) {
        String names = members.stream().limit(NAMES_MAX).map(MemberView::name).collect(Collectors.joining(", "));
        return members.size() > NAMES_MAX ? names + " and " + (members.size() - NAMES_MAX) + " more" : names;
    }

    /** Passes on what is wrong with the coordinator. */
    static Optional<Finding> coordinator(PartitionCase partition) {
        if (partition.group().isDescribed() || partition.group().phase() == ABSENT) {
            return Optional.empty();
        }
        return ofGroup(partition.examination());
    }

    /**
     * Nobody consumes. A reader that assigns partitions itself is no member either: its commits show it, which it may
     * make at checkpoints only, minutes apart.
     */
    static Optional<Finding> noMembers(PartitionCase partition, Company company) {
        Examination all = partition.examination();
        long lasting = all.phaseMs();
        boolean readByOthers = company.all().lastMoveMs() > all.last().atMs() - lasting;
        if (partition.group().phase() != EMPTY
                || !hasUnread(partition)
                || (readByOthers && company.all().moving() > 0)) {
            return Optional.empty();
        }
        List<String> evidence = new ArrayList<>();
        evidence.add("the group has had no members for " + Spoken.duration(lasting) + ", and the committed offset"
                + " does not move");
        OptionalLong start = partition.now().ends().start();
        OptionalLong committed = partition.committed();
        if (start.isPresent() && committed.isPresent() && committed.getAsLong() < start.getAsLong()) {
            evidence.add(
                    Spoken.number(start.getAsLong() - committed.getAsLong()) + " unread offsets are deleted already");
        }
        if (!partition.group().simple() && !readByOthers) {
            return Optional.of(
                    all.lasting(Cause.NO_MEMBERS, lasting, PATIENCE_MS).and(evidence));
        }
        evidence.add(
                partition.group().simple()
                        ? "no member ever joined it: who reads for it assigns partitions itself"
                        : "commits were seen since the last member has left: who makes them assigns partitions itself");
        long patienceMs = partition.patienceMs();
        return Optional.of(all.lasting(Cause.NO_MEMBERS, partition.standingMs(), patienceMs)
                .suspected()
                .and(evidence));
    }

    private static boolean hasUnread(PartitionCase partition) {
        NextRecord next = partition.background().nextRecords().get(partition.partition());
        boolean nothingNext = next != null && !next.exists() && !partition.isPinned();
        if (nothingNext || !partition.now().commit().known()) {
            return false;
        }
        if (partition.committed().isPresent()) {
            return partition.isBehind();
        }
        return partition.now().ends().areKnown()
                && partition.now().ends().start().getAsLong()
                        < partition.now().ends().highWatermark().getAsLong();
    }

    /** A partition that is on its way from one member to another, or that waits for the end of a rebalance. */
    static Optional<Finding> rebalance(PartitionCase partition) {
        GroupView group = partition.group();
        // In the classic protocol a member shows what it had before the rebalance, and waits for its end.
        boolean goesOn =
                partition.owner().filter(each -> each.target().isPresent()).isPresent() && isSettled(partition);
        if (goesOn || partition.isMoving() || !hasUnread(partition)) {
            return Optional.empty();
        }
        Optional<MemberView> waiting = group.members().stream()
                .filter(each -> each.waitsFor(partition.partition()))
                .findFirst();
        if (waiting.isPresent()) {
            return Optional.of(withheld(partition, waiting.get()));
        }
        return group.phase() == REBALANCING ? ofGroup(partition.examination()) : Optional.empty();
    }

    private static boolean isSettled(PartitionCase partition) {
        return partition.group().members().stream()
                .noneMatch(each -> each.waitsFor(partition.partition()) || each.isToGiveUp(partition.partition()));
    }

    private static Finding withheld(PartitionCase partition, MemberView waiting) {
        Examination all = partition.examination();
        long lasting = waitingMs(all, partition);
        GroupView group = partition.group();
        List<MemberView> holders = Stream.concat(
                        group.members().stream().filter(each -> each.isToGiveUp(partition.partition())),
                        group.members().stream().filter(each -> isLate(each, group)))
                .filter(each -> !each.id().equals(waiting.id()))
                .distinct()
                .toList();
        List<String> evidence = List.of(
                "to be given to " + waiting.name() + " since " + Spoken.duration(lasting) + " or longer",
                holders.isEmpty() ? "who holds it is not visible" : "has not given it up: " + names(holders));
        Finding found = all.lasting(Cause.AWAITING_RELEASE, lasting, REBALANCE_PATIENCE_MS);
        return holders.isEmpty() ? found.suspected().and(evidence) : found.and(evidence);
    }

    private static long waitingMs(Examination all, PartitionCase partition) {
        long since = all.last().atMs();
        for (int i = all.samples().size() - 1; i >= 0; i--) {
            Sample sample = all.samples().get(i);
            if (sample.group().members().stream().noneMatch(each -> each.waitsFor(partition.partition()))) {
                break;
            }
            since = sample.atMs();
        }
        return all.last().atMs() - since;
    }

    /** There are members, and none of them has the partition. It may be on its way from one to another. */
    static Optional<Finding> notOwned(PartitionCase partition, Company company) {
        GroupView group = partition.group();
        if (group.members().isEmpty() || partition.owner().isPresent() || partition.isMoving()) {
            return Optional.empty();
        }
        if (!hasUnread(partition)) {
            return Optional.empty();
        }
        String topic = partition.partition().topic();
        long unownedMs = partition.unownedMs();
        if (company.hasOwnerOf(topic)) {
            return Optional.of(partition
                    .examination()
                    .lasting(Cause.NOT_ASSIGNED, unownedMs, PATIENCE_MS)
                    .and(List.of("no member has had it for " + Spoken.duration(unownedMs)
                            + "; other partitions of the topic have members")));
        }
        Finding found = partition.examination().question().topicNamed()
                ? partition.examination().lasting(Cause.NOT_SUBSCRIBED, unownedMs, PATIENCE_MS)
                : Finding.waiting(Cause.NOT_SUBSCRIBED);
        return Optional.of(found.suspected()
                .and(List.of("none of the " + group.members().size() + " members has a partition of " + topic)));
    }
}
