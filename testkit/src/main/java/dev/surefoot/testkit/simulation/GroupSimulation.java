package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.GroupLedger;
import dev.surefoot.testkit.simulation.check.GroupStates;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupSettings;
import dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel;
import dev.surefoot.testkit.simulation.coordinator.GroupSettings;
import dev.surefoot.testkit.simulation.coordinator.RangeTargetAssignor;
import dev.surefoot.testkit.simulation.coordinator.SwappingTargetAssignor;
import dev.surefoot.testkit.simulation.coordinator.TargetAssignor;
import dev.surefoot.testkit.simulation.coordinator.TopicCatalog;
import dev.surefoot.testkit.simulation.coordinator.UniformTargetAssignor;
import dev.surefoot.testkit.simulation.guard.CauseCounts;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.GroupWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * One run of several shipped consumers in one group, each with its loop and its application, in a world in which the
 * events of one schedule happen. In virtual time; the same schedule gives the same run, to the byte. Started by
 * {@link #run}.
 */
public final class GroupSimulation {
    private static final long MICRO = 1_000L;
    private static final int MEMBERS_MOST = 4;

    private final Schedule schedule;
    private final GroupWorld world;
    private final GroupLedger ledger;
    private final MemberStart start;
    private final List<MemberProgram> programs = new ArrayList<>();
    private final Verdicts verdicts = new Verdicts();
    private final GroupStates states = new GroupStates();

    private GroupSimulation(Schedule schedule, GroupSubject subject, boolean told) {
        this.schedule = schedule;
        Shape shape = schedule.shape();
        GroupShape group = shape.group();
        this.world = new GroupWorld(
                schedule, told, (catalog, host, seed) -> coordinator(group, subject, catalog, host, seed));
        this.ledger = new GroupLedger(
                GroupWorld.GROUP,
                world.time()::nanos,
                world.cluster(),
                world.ledger(),
                world.coordinator(),
                world::hasLostWrites,
                new GroupLedger.Terms(
                        shape.readCommitted(),
                        shape.reset() == Shape.Reset.LATEST,
                        group.protocol() == GroupShape.Protocol.CONSUMER
                                || group.assignors() == GroupShape.Assignors.COOPERATIVE,
                        group.autoCommit(),
                        MemberStart.MAX_POLL_MILLIS * 1_000 * MICRO,
                        MemberStart.HEARTBEAT_MILLIS * 1_000 * MICRO,
                        Disturbances.leaveFetchingAlone(schedule),
                        Disturbances.autoCommitNanos(schedule)),
                states);
        world.watchCoordinator(ledger::readCoordinator);
        world.watchRecreations(ledger::recreated);
        boolean isSound = subject.equals(GroupSubject.SHIPPED);
        this.start = new MemberStart(schedule, world, ledger, subject.seams(), isSound, verdicts, states);
    }

    private static GroupCoordinatorModel coordinator(
            GroupShape group, GroupSubject subject, TopicCatalog catalog, Node host, long seed) {
        List<TargetAssignor> assignors =
                switch (group.assignors()) {
                    case SERVER_RANGE -> List.of(new RangeTargetAssignor(), new UniformTargetAssignor());
                    case SWAPPING -> List.of(new SwappingTargetAssignor());
                    default -> List.of(new UniformTargetAssignor(), new RangeTargetAssignor());
                };
        SplittableRandom random = new SplittableRandom(seed);
        return new GroupCoordinatorModel(
                GroupSettings.defaults()
                        .withInitialRebalanceDelayMs(group.rebalanceDelayMillis())
                        .withSessionTimeoutsMs(1, MemberStart.SESSION_MILLIS)
                        .withBugs(subject.classicBugs()),
                ConsumerGroupSettings.defaults()
                        .withTimes(MemberStart.SESSION_MILLIS, MemberStart.HEARTBEAT_MILLIS, 200)
                        .withStrictCommits(group.strictCommits())
                        .withAssignors(assignors)
                        .withBugs(subject.consumerBugs()),
                catalog,
                host,
                candidates -> candidates.get(random.nextInt(candidates.size())),
                random.nextLong());
    }

    /** Runs a schedule with shipped consumers and a sound coordinator. */
    public static Outcome run(Schedule schedule) {
        return run(schedule, GroupSubject.SHIPPED, false);
    }

    /**
     * Runs a schedule, whose shape has a group.
     *
     * @param subject what takes the place of sound parts
     * @param told whether the outcome contains the story of the run
     */
    public static Outcome run(Schedule schedule, GroupSubject subject, boolean told) {
        GroupSimulation simulation = new GroupSimulation(schedule, subject, told);
        Violation violation = simulation.run();
        return new Outcome(
                schedule,
                violation,
                simulation.world.counts(),
                simulation.verdicts,
                simulation.causes(),
                simulation.states,
                simulation.world.story().lines());
    }

    /** How often the guards of all members named each cause. */
    private CauseCounts causes() {
        CauseCounts causes = new CauseCounts();
        start.guards().forEach(guard -> causes.addOfSameRun(guard.counts()));
        return causes;
    }

    /** What looks at the progress of each member. */
    List<MemberGuard> guards() {
        return start.guards();
    }

    private @Nullable Violation run() {
        try {
            play();
            return null;
        } catch (Violation violation) {
            return toldOf(violation);
        } catch (KafkaException | IllegalStateException | IllegalArgumentException e) {
            return toldOf(new Violation("X1", String.valueOf(e.getMessage()), e));
        } finally {
            world.turns().haltAll();
        }
    }

    private Violation toldOf(Violation violation) {
        world.story().tell(() -> "!! " + violation.getMessage());
        return violation;
    }

    private void play() {
        for (int i = 0; i < schedule.shape().group().members(); i++) {
            begin();
        }
        for (Event event : schedule.events()) {
            if (event.act().kind() == Act.Kind.MEMBER) {
                await(event.atMicros() * MICRO);
                direct(event);
            }
        }
        while (world.isEventful()) {
            await(world.time().nanos() + 1_000 * MICRO);
        }
        new GroupEnd(this, world, ledger).settle();
    }

    /** Lets everything go on until this time. */
    void await(long untilNanos) {
        world.turns().directorAwaits(untilNanos);
        Throwable failure = world.turns().failure();
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    Schedule schedule() {
        return schedule;
    }

    /** The members whose processes go on and whose consumers are open. */
    List<MemberProgram> live() {
        return programs.stream()
                .filter(program -> !program.process().isGone() && !program.isClosed())
                .toList();
    }

    /** Starts another consumer. */
    MemberProgram begin() {
        MemberProgram program = start.another(live());
        programs.add(program);
        return program;
    }

    private void direct(Event event) {
        List<MemberProgram> live = live();
        if (event.act() == Act.MEMBER_STARTED) {
            if (live.size() < MEMBERS_MOST) {
                begin().process().troubles().noteForAll(event.act());
                world.counts().happened(event.act());
            }
            return;
        }
        if (live.isEmpty()) {
            return;
        }
        MemberProgram program = live.get(event.member() % live.size());
        switch (event.act()) {
            case MEMBER_CRASHED -> {
                world.story().tell(() -> "** " + program.process().name() + " crashes");
                program.process().crash();
                program.process().troubles().noteForAll(event.act());
                program.ledger().gone();
                world.counts().happened(event.act());
            }
            case MEMBER_STOPPED -> {
                program.process().stop(event.amount() * MICRO);
                world.counts().happened(event.act());
            }
            case MEMBER_WOKEN -> {
                program.wake();
                world.counts().happened(event.act());
            }
            default -> program.add(event);
        }
    }
}
