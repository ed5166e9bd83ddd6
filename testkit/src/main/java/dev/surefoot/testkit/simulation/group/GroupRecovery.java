package dev.surefoot.testkit.simulation.group;

import dev.surefoot.testkit.simulation.coordinator.ClassicGroupView;
import dev.surefoot.testkit.simulation.coordinator.ClassicState;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupBooks;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupMember;
import dev.surefoot.testkit.simulation.coordinator.GroupMemberView;
import dev.surefoot.testkit.simulation.coordinator.MemberState;
import dev.surefoot.testkit.simulation.search.InvariantBroken;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a small group does when nothing goes wrong any more, and whether it becomes stable and stays so. */
final class GroupRecovery {
    /** The normal course, in one order of the many. */
    private static final List<GroupStep> COURSE = List.of(
            GroupStep.ARRIVE_0,
            GroupStep.ARRIVE_1,
            GroupStep.LEAVE_ARRIVES_0,
            GroupStep.LEAVE_ARRIVES_1,
            GroupStep.DELIVER_0,
            GroupStep.DELIVER_1,
            GroupStep.RETURN_0,
            GroupStep.RETURN_1,
            GroupStep.POLL_0,
            GroupStep.POLL_1,
            GroupStep.TIME);

    private static final int QUIET_TICKS = 2;
    /** A member that backs off when the faults end rejoins a group that is stable, and may need two rounds. */
    private static final int REBALANCES_MAX = 4;

    /** More than reading and committing every record takes. */
    private static final int STEPS_OF_A_TICK_MAX = 1_000;

    private final SmallGroup world;
    private int ticks;
    private int stepsOfTick;
    private boolean rebalanceEnforced;

    GroupRecovery(SmallGroup world) {
        this.world = world;
    }

    /** Goes one step on. */
    void step() {
        for (GroupStep step : COURSE) {
            if (world.allows(step)) {
                boolean isTime = step == GroupStep.TIME;
                ticks += isTime ? 1 : 0;
                stepsOfTick = isTime ? 0 : stepsOfTick + 1;
                if (stepsOfTick > STEPS_OF_A_TICK_MAX) {
                    throw new InvariantBroken("G28", "there is no end of requests without time passing; " + world);
                }
                world.take(step);
                return;
            }
        }
        throw new IllegalStateException("time can always pass when nothing else happens");
    }

    /**
     * Returns the intervals of heartbeats, at most {@code most}, until the group is stable and stays so, also when
     * metadata is asked for again.
     */
    int recover(int most) {
        for (SmallMember member : world.running()) {
            if (member.wire.hasStraggler()) {
                world.take(member.index == 0 ? GroupStep.STRAGGLER_0 : GroupStep.STRAGGLER_1);
            }
        }
        int stableSince = 0;
        int stableEpoch = -1;
        int rebalances = 0;
        while (true) {
            String why = whyUnstable();
            int epoch = world.coordinator().newestEpoch(SmallGroup.GROUP);
            if (why == null && epoch != stableEpoch) {
                rebalances++;
                stableSince = ticks;
                stableEpoch = epoch;
                world.running().forEach(SmallMember::refreshMetadata);
            } else if (why == null && ticks - stableSince >= QUIET_TICKS) {
                return stableSince;
            }
            if (why != null && ticks > most / 2 && !rebalanceEnforced && world.mayHaveUnnoticedChanges()) {
                rebalanceEnforced = true;
                world.running().forEach(member -> member.membership.enforceRebalance("simulated"));
            }
            if (rebalances > REBALANCES_MAX) {
                throw new InvariantBroken("G39", "one rebalance follows the other without a cause; " + world);
            }
            if (ticks > most) {
                throw new InvariantBroken("G38", "after " + most + " intervals without a fault " + why + "; " + world);
            }
            step();
        }
    }

    /** Why the group is not stable, with everything read that it owns; null if it is. */
    @Nullable String whyUnstable() {
        for (SmallMember member : world.running()) {
            if (MemberSteps.isBusy(member)) {
                return member + " is busy";
            }
        }
        List<SmallMember> taking = world.running().stream()
                .filter(member -> member.isSubscribed() && !member.checks.isFatal())
                .toList();
        Map<String, SmallMember> byId = new TreeMap<>();
        Set<TopicPartition> owned = new TreeSet<>(SmallAssignor.ORDER);
        for (SmallMember member : taking) {
            if (!member.membership.isMember() || member.membership.isRebalancing() || !member.application.isIdle()) {
                return member + " takes part in a rebalance";
            }
            if (member.membership.identity().epoch() != world.coordinator().newestEpoch(SmallGroup.GROUP)) {
                return member + " is not at the newest epoch";
            }
            byId.put(member.membership.identity().memberId(), member);
            owned.addAll(member.application.positions.keySet());
        }
        Set<String> counted = world.coordinator().members(SmallGroup.GROUP).stream()
                .map(GroupMemberView::memberId)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!counted.equals(byId.keySet())) {
            return "the coordinator counts " + counted + " and not " + byId.keySet();
        }
        if (!taking.isEmpty() && owned.size() != world.partitions()) {
            return "of " + world.partitions() + " partitions only " + owned + " are owned";
        }
        return whyNotReconciled();
    }

    private @Nullable String whyNotReconciled() {
        ClassicGroupView classic = world.coordinator().classicGroup(SmallGroup.GROUP);
        if (classic != null && classic.state() != ClassicState.STABLE && classic.state() != ClassicState.EMPTY) {
            return "the coordinator is " + classic.state();
        }
        ConsumerGroupBooks books = world.coordinator().consumerGroup(SmallGroup.GROUP);
        if (books != null) {
            for (ConsumerGroupMember member : books.byId().values()) {
                if (member.current().state() != MemberState.STABLE
                        || member.current().epoch() != books.epoch()) {
                    return "the coordinator still waits for " + member;
                }
            }
        }
        return null;
    }
}
