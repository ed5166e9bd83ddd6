package dev.surefoot.testkit.simulation;

import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.testkit.simulation.check.GroupLedger;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.coordinator.ClassicGroupView;
import dev.surefoot.testkit.simulation.coordinator.ClassicState;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupBooks;
import dev.surefoot.testkit.simulation.coordinator.GroupMemberView;
import dev.surefoot.testkit.simulation.coordinator.StoredOffset;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.world.GroupWorld;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The end of a run with a group, when nothing goes wrong any more: what has to come, comes in time. */
final class GroupEnd {
    private static final long MILLI = 1_000_000L;
    private static final long STEP_NANOS = 100 * MILLI;
    private static final long STABLE_NANOS =
            (MemberStart.MAX_POLL_MILLIS + MemberStart.SESSION_MILLIS + 3 * MemberStart.HEARTBEAT_MILLIS + 5_000)
                            * MILLI
                    + MemberStart.METADATA_AGE_NANOS;
    /** A poll that ends without records, and the next one. */
    private static final long POLL_NANOS = 700 * MILLI;

    private static final long SETTLING_NANOS = 6_000 * MILLI;
    private static final long SILENT_NANOS = 2 * MemberStart.HEARTBEAT_MILLIS * MILLI;
    private static final long READ_NANOS = 10_000 * MILLI;
    /** Two waits of a fetch, and the time until a poll is over. */
    private static final long ADVANCE_NANOS = 1_600 * MILLI;

    /** What a guard has found is shown until its next look, and the loop's next turn. */
    private static final long LOOK_NANOS = 2_000 * MILLI;

    private static final long CALM_NANOS = 2_000 * MILLI;
    private static final long CLOSE_NANOS = 6_000 * MILLI;

    /** What a static member that returns may leave unnoticed. */
    private static final Set<Act> UNNOTICED =
            EnumSet.of(Act.TOPIC_RECREATED, Act.SUBSCRIBED_ANEW, Act.LISTENER_SUBSCRIBES);

    private final GroupSimulation simulation;
    private final GroupWorld world;
    private final GroupLedger ledger;

    GroupEnd(GroupSimulation simulation, GroupWorld world, GroupLedger ledger) {
        this.simulation = simulation;
        this.world = world;
        this.ledger = ledger;
    }

    void settle() {
        world.heal();
        if (simulation.live().isEmpty()) {
            simulation.begin();
        }
        simulation.live().forEach(MemberProgram::settle);
        long healedAt = world.time().nanos();
        if (hasForgottenMembers()) {
            simulation.await(healedAt + READ_NANOS);
            close();
            return;
        }
        watchForUnnoticedChanges();
        awaitStable(healedAt + STABLE_NANOS);
        allIsRead(READ_NANOS, "L1");
        awaitStable(world.time().nanos() + STABLE_NANOS);
        world.write(1);
        allIsRead(ADVANCE_NANOS, "G39");
        if (!mayRebalanceLater()) {
            awaitOutcomes(healedAt);
            awaitStable(world.time().nanos() + STABLE_NANOS);
            staysCalm();
        }
        close();
    }

    /**
     * A static member that has returned brings about no rebalance (KIP-345), so that nobody notices that it subscribes
     * to other topics than it did. Another rebalance has to bring that.
     */
    private void watchForUnnoticedChanges() {
        boolean changed = UNNOTICED.stream().mapToLong(world.counts()::of).sum() > 0;
        if (changed && simulation.schedule().shape().group().statics() > 0) {
            simulation.await(world.time().nanos() + SETTLING_NANOS);
            simulation.live().forEach(MemberProgram::enforceRebalance);
            simulation.await(world.time().nanos() + SILENT_NANOS);
        }
    }

    /**
     * Waits until every answer that is lost has been given up, and every commit has its outcome: a rebalance that an
     * application has asked for begins behind its commits, in its next poll.
     */
    private void awaitOutcomes(long healedAt) {
        while (simulation.live().stream()
                .anyMatch(
                        program -> program.process().wire().hasOutstandingSince(healedAt) || program.awaitsCommits())) {
            simulation.await(world.time().nanos() + STEP_NANOS);
        }
        simulation.await(world.time().nanos() + POLL_NANOS);
    }

    private void awaitStable(long deadline) {
        for (String why = unstable(); why != null; why = unstable()) {
            if (world.time().nanos() > deadline) {
                throw new Violation("G38", "the group does not settle: " + why);
            }
            simulation.await(world.time().nanos() + STEP_NANOS);
            if (simulation.live().isEmpty()) {
                simulation.begin().settle();
            }
        }
    }

    /** Returns why the group is not stable, or null if it is. */
    private @Nullable String unstable() {
        String why = unsettledBooks();
        if (why != null) {
            return why;
        }
        Map<String, GroupMemberView> known = new HashMap<>();
        world.coordinator().members(GroupWorld.GROUP).forEach(view -> known.put(view.memberId(), view));
        Set<String> topics = new HashSet<>();
        List<TopicPartition> owned = new ArrayList<>();
        for (MemberProgram program : simulation.live()) {
            if (!program.isSubscribed()) {
                return program.process().name() + " has not subscribed yet";
            }
            GroupMemberView view = known.remove(program.identity().memberId());
            why = differs(program, view);
            if (why != null) {
                return why;
            }
            topics.addAll(program.topics());
            owned.addAll(program.ledger().owned());
        }
        if (!known.isEmpty()) {
            return "the coordinator still knows " + known.keySet();
        }
        Set<TopicPartition> all = new HashSet<>(world.partitions());
        all.removeIf(partition -> !topics.contains(partition.topic()));
        if (owned.size() != all.size() || !new HashSet<>(owned).equals(all)) {
            return owned + " are owned, and there are " + all;
        }
        return null;
    }

    private @Nullable String unsettledBooks() {
        ConsumerGroupBooks books = world.coordinator().consumerGroup(GroupWorld.GROUP);
        if (books != null && books.epoch() != books.assignmentEpoch()) {
            return "the epoch of the group is " + books.epoch() + ", that of its target " + books.assignmentEpoch();
        }
        ClassicGroupView classic = world.coordinator().classicGroup(GroupWorld.GROUP);
        if (classic != null && classic.state() != ClassicState.STABLE) {
            return "the coordinator is " + classic.state();
        }
        if (classic != null && classic.awaitsSyncs()) {
            return "the coordinator waits for somebody's SyncGroup";
        }
        return books == null && classic == null ? "there is no group" : null;
    }

    private @Nullable String differs(MemberProgram program, @Nullable GroupMemberView view) {
        String name = program.process().name();
        if (view == null) {
            return "the coordinator does not know " + name + ", which is '"
                    + program.identity().memberId() + "'";
        }
        ClassicGroupView classic = world.coordinator().classicGroup(GroupWorld.GROUP);
        ConsumerGroupBooks books = world.coordinator().consumerGroup(GroupWorld.GROUP);
        int present = classic != null
                ? classic.generation()
                : Objects.requireNonNull(books).assignmentEpoch();
        if (program.identity().generationId() != present) {
            return name + " is at " + program.identity().generationId() + ", the group at " + present;
        }
        // What a classic coordinator has loaded it has not given out yet.
        boolean isGiven = classic == null || view.generationOrEpoch() == present;
        Set<TopicPartition> told = program.ledger().owned();
        if (!program.isInOrder() || silentNanos(program) > SILENT_NANOS) {
            return name + " has not heard from the coordinator in order";
        }
        return isGiven && !view.held().equals(told) ? name + " owns " + told + ", the coordinator says " + view : null;
    }

    private Set<TopicPartition> ownedByAnyone() {
        Set<TopicPartition> owned = new HashSet<>();
        simulation.live().forEach(program -> owned.addAll(program.ledger().owned()));
        return owned;
    }

    private void allIsRead(long within, String property) {
        long deadline = world.time().nanos() + within;
        while (true) {
            List<String> undelivered = ledger.undelivered(ownedByAnyone());
            if (undelivered.isEmpty()) {
                return;
            }
            if (world.time().nanos() > deadline) {
                throw new Violation(property, "nobody was given " + undelivered);
            }
            simulation.await(world.time().nanos() + STEP_NANOS);
            if (!ledger.areBegun(ownedByAnyone())) {
                // What was written before a position was reset to the end is not read.
                world.write(1);
            }
        }
    }

    /**
     * Whether the coordinator of the consumer protocol has lost writes: an epoch that it gives out again may be the one
     * that a member has from before, so that neither side notices that they differ in what the member owns.
     */
    private boolean hasForgottenMembers() {
        return world.hasLostWrites()
                && simulation.schedule().shape().group().protocol() == GroupShape.Protocol.CONSUMER;
    }

    /** Whether the coordinator has a reason of its own: lost writes, or expressions that it resolves anew. */
    private boolean mayRebalanceLater() {
        GroupShape group = simulation.schedule().shape().group();
        return world.hasLostWrites() || (group.byPattern() && group.protocol() == GroupShape.Protocol.CONSUMER);
    }

    /** Checks that no rebalance begins without a reason (G39). */
    private void staysCalm() {
        long before = callbacks();
        simulation.await(world.time().nanos() + CALM_NANOS);
        if (callbacks() != before) {
            throw new Violation("G39", "a rebalance has begun without a reason");
        }
        simulation.live().forEach(this::requireHeartbeat);
        String why = unstable();
        if (why != null) {
            throw new Violation("G39", "the group is not stable any more: " + why);
        }
        requireNoCauseInGroup();
    }

    /** Checks that no guard names a cause in the group any more (W3). */
    private void requireNoCauseInGroup() {
        if (simulation.guards().stream().anyMatch(guard -> guard.causeInGroup().isPresent())) {
            simulation.await(world.time().nanos() + LOOK_NANOS);
            simulation.guards().forEach(MemberGuard::requireNoCauseInGroup);
        }
    }

    /** Checks that a member says in time that it is alive (G27). */
    private void requireHeartbeat(MemberProgram program) {
        long silentNanos = silentNanos(program);
        if (silentNanos > SILENT_NANOS) {
            throw new Violation(
                    "G27",
                    program.process().name() + " has sent no heartbeat for " + silentNanos / MILLI
                            + " ms, while nothing goes wrong");
        }
    }

    private long silentNanos(MemberProgram program) {
        return world.time().nanos() - program.lastHeartbeatNanos();
    }

    private long callbacks() {
        return simulation.live().stream()
                .mapToLong(program -> program.ledger().callbacks())
                .sum();
    }

    private void close() {
        List<MemberProgram> open = simulation.live();
        Map<TopicPartition, Long> positions = new HashMap<>();
        open.forEach(program -> program.positionsInto(positions));
        open.forEach(program -> program.close(Departure.DEFAULT));
        long deadline = world.time().nanos() + CLOSE_NANOS;
        while (world.time().nanos() < deadline
                && !open.stream().allMatch(program -> program.process().isGone())) {
            simulation.await(world.time().nanos() + STEP_NANOS);
        }
        for (MemberProgram program : open) {
            if (!program.isClosed()) {
                throw new Violation("G41", program.process().name() + " does not close");
            }
            if (program.process().wire().heldBytes() != 0) {
                throw new Violation("M1", program.process().name() + " has closed, and holds memory");
            }
        }
        if (simulation.schedule().shape().group().autoCommit() && !mayRebalanceLater()) {
            allIsCommitted(positions);
        }
    }

    /** Checks that the last positions are stored (G15). */
    private void allIsCommitted(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, StoredOffset> stored = world.coordinator().offsets(GroupWorld.GROUP);
        for (TopicPartition partition : MemberPositions.sorted(positions.keySet())) {
            StoredOffset offset = stored.get(partition);
            if (offset == null || offset.offset() != positions.getOrDefault(partition, -1L)) {
                throw new Violation(
                        "G15",
                        "the position of " + partition + " was " + positions.get(partition)
                                + " at the end, and stored is " + offset);
            }
        }
    }
}
