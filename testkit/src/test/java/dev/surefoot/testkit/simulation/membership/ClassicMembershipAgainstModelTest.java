package dev.surefoot.testkit.simulation.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.Membership.Departure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Several members of a classic group against the model of its coordinator, in virtual time: random schedules of what
 * applications do and of what goes wrong, and what must hold at each step and once the faults have stopped.
 */
class ClassicMembershipAgainstModelTest {
    private static final int SESSION_MS = 10_000;
    private static final int MAX_POLL_MS = 60_000;
    private static final int SCHEDULES = Integer.getInteger("surefoot.members.schedules", 100);
    private static final long SEED = Long.getLong("surefoot.seed", System.nanoTime());

    private static final ApiKeys[] APIS = {
        ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP, ApiKeys.HEARTBEAT, ApiKeys.LEAVE_GROUP, ApiKeys.FIND_COORDINATOR
    };
    private static final Errors[] ERRORS = {
        Errors.COORDINATOR_LOAD_IN_PROGRESS,
        Errors.COORDINATOR_NOT_AVAILABLE,
        Errors.NOT_COORDINATOR,
        Errors.REBALANCE_IN_PROGRESS,
        Errors.UNKNOWN_MEMBER_ID,
        Errors.ILLEGAL_GENERATION,
        Errors.UNKNOWN_SERVER_ERROR,
        Errors.GROUP_AUTHORIZATION_FAILED
    };

    @Test
    void membersShareAndHandOverWithoutFaults() {
        for (boolean eager : new boolean[] {true, false}) {
            MembershipWorld world = world(eager, 1);
            for (int i = 0; i < 3; i++) {
                add(world, eager, null, i).subscribe(Set.of("t", "u"));
                world.run(10_000);
            }
            settled(world, "three have joined, eager " + eager);
            world.members.get(0).leave(Departure.DEFAULT, true);
            world.run(20_000);
            settled(world, "one has left");
            world.members.get(1).crash();
            world.run(SESSION_MS + 10_000);
            settled(world, "one has crashed");
        }
    }

    @Test
    void randomSchedulesEndStable() {
        for (int i = 0; i < SCHEDULES; i++) {
            long seed = SEED + i;
            try {
                runSchedule(seed, seed % 2 == 0);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dsurefoot.seed=" + seed, e);
            }
        }
    }

    /** A static member whose application stands still does not join, and the coordinator counts it all the same. */
    @Test
    void whatAStaticMemberHasThatMissesARoundIsGivenAway() {
        runSchedule(83101915750301L, false);
    }

    static void runSchedule(long seed, boolean eager) {
        SplittableRandom random = new SplittableRandom(seed);
        MembershipWorld world = world(eager, random.nextLong());
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            add(world, eager, null, random.nextLong()).subscribe(topics(random));
        }
        world.listenerMaxMs = random.nextBoolean() ? 200 : 5_000;
        for (int step = 0; step < 60; step++) {
            act(world, eager, random);
            world.run(random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(1_500));
        }
        world.model.faults().heal();
        world.listenerMaxMs = 200;
        world.run(2L * MAX_POLL_MS + SESSION_MS + 3 * 3_000 + 30_000);
        settled(world, "after the faults");
        int joins = world.members.stream()
                .mapToInt(member -> member.checks.joinCount)
                .sum();
        world.run(600_000);
        assertThat(world.members.stream()
                        .mapToInt(member -> member.checks.joinCount)
                        .sum())
                .as("g39: no rebalance without a cause")
                .isEqualTo(joins);
        settled(world, "ten minutes later");
    }

    private static void act(MembershipWorld world, boolean eager, SplittableRandom random) {
        List<WorldMember> free = new ArrayList<>(world.members);
        free.removeIf(WorldMember::isBusy);
        int act = random.nextInt(14);
        if (act == 0
                && world.members.stream().filter(member -> !member.isClosed()).count() < 5) {
            String instance = random.nextInt(3) == 0 ? "static-" + world.members.size() : null;
            add(world, eager, instance, random.nextLong()).subscribe(topics(random));
        } else if (act <= 5 && !free.isEmpty()) {
            application(free.get(random.nextInt(free.size())), act, random, world);
        } else {
            fault(world, act, random);
        }
    }

    private static void application(WorldMember member, int act, SplittableRandom random, MembershipWorld world) {
        switch (act) {
            case 1 -> member.subscribe(topics(random));
            case 2 -> member.leave(departure(random), random.nextBoolean());
            case 3 -> member.stalledUntilMs = world.nowMs() + random.nextInt(2 * MAX_POLL_MS);
            case 4 -> member.membership.enforceRebalance("the test says so");
            default -> {
                if (random.nextInt(3) == 0) {
                    member.crash();
                } else {
                    member.pollEveryMs = 1 + random.nextInt(2_000);
                }
            }
        }
    }

    private static Departure departure(SplittableRandom random) {
        return Departure.values()[random.nextInt(Departure.values().length)];
    }

    private static void fault(MembershipWorld world, int act, SplittableRandom random) {
        ApiKeys api = APIS[random.nextInt(APIS.length)];
        switch (act) {
            case 6 -> world.model.faults().refuse(api, ERRORS[random.nextInt(ERRORS.length)], 1 + random.nextInt(3));
            case 7 -> world.model.faults().loseAnswers(api, 1);
            case 8 -> world.model.faults().delayAnswers(api, random.nextInt(20_000), 1);
            case 9 ->
                world.model.move(
                        world.nodes.get(random.nextInt(MembershipWorld.NODES)),
                        world.nowMs(),
                        random.nextInt(3_000),
                        random.nextInt(3_000));
            case 10 ->
                world.model.crash(
                        0,
                        world.nodes.get(random.nextInt(MembershipWorld.NODES)),
                        world.nowMs(),
                        random.nextInt(3_000),
                        random.nextInt(3_000));
            case 11 -> world.takeDown(1 + random.nextInt(MembershipWorld.NODES), random.nextInt(30_000));
            case 12 -> {
                var views = world.model.members(MembershipWorld.GROUP);
                if (!views.isEmpty()) {
                    world.model.expireMember(
                            MembershipWorld.GROUP,
                            views.get(random.nextInt(views.size())).memberId(),
                            world.nowMs());
                }
            }
            default -> {
                int partitions = world.catalog.topic("t").partitions();
                if (partitions < 8) {
                    world.catalog.addPartitions("t", partitions + 1);
                }
            }
        }
    }

    private static Set<String> topics(SplittableRandom random) {
        Set<String> topics = new TreeSet<>(Set.of("t"));
        if (random.nextBoolean()) {
            topics.add("u");
        }
        if (random.nextInt(5) == 0) {
            topics.add("missing");
        }
        return topics;
    }

    private static MembershipWorld world(boolean eager, long seed) {
        MembershipWorld world = new MembershipWorld(eager, seed);
        world.catalog.create("t", 4);
        world.catalog.create("u", 2);
        return world;
    }

    private static WorldMember add(MembershipWorld world, boolean eager, String instanceId, long seed) {
        GroupSettings settings = new GroupSettings(
                MembershipWorld.GROUP,
                instanceId,
                null,
                GroupSettings.Protocol.CLASSIC,
                new GroupSettings.Timing(SESSION_MS, 3_000, MAX_POLL_MS, 30_000_000_000L, 100_000_000, 1_000_000_000),
                List.of(eager ? "range" : "cooperative-sticky"),
                !eager,
                null,
                false);
        WorldMember member = new WorldMember(world, "member " + world.members.size(), settings, seed);
        world.members.add(member);
        return member;
    }

    /** G38: all members are stable in one generation, and own all partitions of their topics, each once. */
    private static void settled(MembershipWorld world, String when) {
        Set<Integer> generations = new TreeSet<>();
        Set<String> topics = new TreeSet<>();
        List<TopicPartition> owned = new ArrayList<>();
        for (WorldMember member : world.members) {
            if (member.subscribed) {
                assertThat(member.membership.isMember() && !member.membership.isRebalancing())
                        .as("g38: %s is stable, %s", member, when)
                        .isTrue();
                generations.add(member.membership.identity().epoch());
                topics.addAll(member.topics());
            }
            owned.addAll(member.owned);
        }
        assertThat(generations).as("g38: generations, %s", when).hasSizeLessThanOrEqualTo(1);
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics) {
            if (world.catalog.topic(topic) != null) {
                for (int i = 0; i < world.catalog.topic(topic).partitions(); i++) {
                    all.add(new TopicPartition(topic, i));
                }
            }
        }
        assertThat(owned).as("g38: owned partitions, %s", when).containsExactlyInAnyOrderElementsOf(all);
    }
}
