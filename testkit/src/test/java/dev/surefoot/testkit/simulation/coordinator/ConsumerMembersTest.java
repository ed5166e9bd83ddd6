package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.group.Membership.Departure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members of the consumer protocol and the model of their coordinator, under faults and without. */
class ConsumerMembersTest {
    private static final long FIRST_SEED = Long.getLong("members.first", 1);
    private static final Set<String> BOTH = Set.of("bills", "orders");
    /** Rebalance time-out, session time-out, three intervals and 5 s. */
    private static final int CALM_MS =
            MembersWorld.MAX_POLL_MS + MembersWorld.SESSION_MS + 3 * MembersWorld.INTERVAL_MS + 5_000;

    @Test
    void membersThatComeAndGoShareAllPartitions() {
        MembersWorld world = new MembersWorld(FIRST_SEED, ConsumerGroupSettings.defaults());
        for (int i = 0; i < 3; i++) {
            start(world.add(null));
            world.run(15_000);
            assertThat(world.whyUnstable(BOTH)).isNull();
        }
        world.members.get(0).close(Departure.DEFAULT);
        world.run(15_000);
        assertThat(world.members).hasSize(2);
        assertThat(world.whyUnstable(BOTH)).isNull();
        world.members.get(0).crash();
        world.run(MembersWorld.SESSION_MS + 10_000);
        assertThat(world.whyUnstable(BOTH)).isNull();
        assertThat(world.members.get(0).owned()).hasSize(9);
        assertThat(world.fencings).isZero();
    }

    @Test
    void aStaticMemberThatReturnsGetsItsPartitionsBack() {
        MembersWorld world = new MembersWorld(FIRST_SEED, ConsumerGroupSettings.defaults());
        start(world.add("a"));
        start(world.add("b"));
        world.run(20_000);
        Set<?> before = Set.copyOf(world.members.get(0).owned());
        int epoch = world.members.get(1).epoch();
        world.members.get(0).close(Departure.DEFAULT);
        world.run(MembersWorld.SESSION_MS / 2);
        SimulatedMember returned = world.add("a");
        start(returned);
        world.run(10_000);

        assertThat(returned.owned()).isEqualTo(before);
        assertThat(world.members.get(0).epoch()).isEqualTo(epoch);
        assertThat(world.whyUnstable(BOTH)).isNull();
    }

    @Test
    void randomSchedulesEndStable() {
        run(60);
    }

    @Test
    @Tag("thorough")
    void manyRandomSchedulesEndStable() {
        run(50 * Integer.getInteger("twins.schedules", 100));
    }

    private static void start(SimulatedMember member) {
        member.subscribe(BOTH);
        member.live();
    }

    private static void run(int schedules) {
        Long only = Long.getLong("members.seed");
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        TreeMap<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < (only == null ? schedules : 1); i++) {
            long seed = only == null ? seeds.nextLong() : only;
            try {
                runOne(seed, seen);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with -Dmembers.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        if (only == null) {
            assertThat(seen.keySet())
                    .as("what the schedules have brought: %s", seen)
                    .contains("losses of all", "expiries", "crashes", "moves", "leaves");
        }
    }

    private static void runOne(long seed, TreeMap<String, Integer> seen) {
        SplittableRandom acts = new SplittableRandom(seed ^ 0x5eed);
        List<TargetAssignor> assignors =
                new ArrayList<>(ConsumerGroupSettings.defaults().assignors());
        if (acts.nextInt(4) == 0) {
            assignors.add(0, new SwappingTargetAssignor());
        }
        MembersWorld world =
                new MembersWorld(seed, ConsumerGroupSettings.defaults().withAssignors(assignors));
        world.lossPerMille = acts.nextInt(3) == 0 ? 0 : acts.nextInt(80);
        int stalls = acts.nextInt(2) == 0 ? 0 : acts.nextInt(15);
        for (int i = 0; i < 1 + acts.nextInt(4); i++) {
            SimulatedMember member = world.add(null);
            member.stallPerMille = stalls;
            start(member);
        }
        for (int i = 0; i < 25; i++) {
            world.run(acts.nextInt(8_000));
            act(world, acts, stalls, seen);
        }
        world.lossPerMille = 0;
        world.members.forEach(member -> member.stallPerMille = 0);
        // Whoever is left may be about to leave.
        start(world.add(null));
        // An application that stalls when the faults end may do so for as long as the longest stall.
        world.run(MembersWorld.MAX_POLL_MS + 15_000);
        world.run(CALM_MS);
        seen.merge("losses of all", world.fencings > 0 ? 1 : 0, Integer::sum);
        seen.merge("expiries", world.expiries > 0 ? 1 : 0, Integer::sum);
        if (!(assignors.get(0) instanceof SwappingTargetAssignor)) {
            assertThat(world.whyUnstable(BOTH)).isNull();
        }
        world.members.forEach(member -> assertThat(member.raised).isEmpty());
    }

    private static void act(MembersWorld world, SplittableRandom acts, int stalls, TreeMap<String, Integer> seen) {
        int count = world.members.size();
        SimulatedMember some = count == 0 ? null : world.members.get(acts.nextInt(count));
        switch (acts.nextInt(8)) {
            case 0, 1 -> {
                if (count < 5) {
                    SimulatedMember member = world.add(null);
                    member.stallPerMille = stalls;
                    start(member);
                }
            }
            case 2 -> {
                if (some != null) {
                    some.crash();
                    seen.merge("crashes", 1, Integer::sum);
                }
            }
            case 3 -> {
                if (some != null) {
                    some.close(Departure.DEFAULT);
                    seen.merge("leaves", 1, Integer::sum);
                }
            }
            case 4 -> {
                world.moveCoordinator(acts.nextInt(2_000), acts.nextInt(2_000));
                seen.merge("moves", 1, Integer::sum);
            }
            case 5 -> {
                if (some != null) {
                    world.coordinator.expireMember(MembersWorld.GROUP, some.memberId(), world.nowMs());
                }
            }
            case 6 ->
                world.topics.addPartitions("bills", world.topics.topic("bills").partitions() + 1);
            default -> world.topics.create("orders", 1 + acts.nextInt(8));
        }
    }
}
