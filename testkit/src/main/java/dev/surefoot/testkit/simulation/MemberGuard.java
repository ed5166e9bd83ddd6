package dev.surefoot.testkit.simulation;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.guard.CauseCounts;
import dev.surefoot.testkit.simulation.guard.GuardWatch;
import dev.surefoot.testkit.simulation.world.ConsumerProcess;
import dev.surefoot.testkit.simulation.world.GroupWorld;
import java.util.Optional;

/** Has what one member says of its progress looked at four times a second, whatever its application does meanwhile. */
final class MemberGuard {
    private static final long PAUSE_NANOS = 250_000_000L;

    private final GroupWorld world;
    private final ConsumerProcess process;
    private final ConsumerRuntime<byte[], byte[]> consumer;
    private final MemberProgram program;
    private final GuardWatch watch;

    MemberGuard(
            GroupWorld world,
            ConsumerProcess process,
            ConsumerRuntime<byte[], byte[]> consumer,
            MemberProgram program,
            GuardWatch watch) {
        this.world = world;
        this.process = process;
        this.consumer = consumer;
        this.program = program;
        this.watch = watch;
    }

    void begin() {
        world.time().at(world.time().nanos() + PAUSE_NANOS, this::look);
    }

    private void look() {
        if (process.isGone() || program.isClosed()) {
            return;
        }
        if (!process.isStopped()) {
            watch.look(consumer.progress()::snapshot, consumer.assignments().assignment());
        }
        begin();
    }

    CauseCounts counts() {
        return watch.counts();
    }

    /**
     * Returns the cause in the group that is named although the group is stable, or nothing. What was found before is
     * shown for up to two seconds.
     */
    Optional<Diagnosis> causeInGroup() {
        if (process.isGone() || program.isClosed()) {
            return Optional.empty();
        }
        ProgressSnapshot said = consumer.progress().snapshot();
        return said.partitions().isEmpty()
                ? Optional.of(said.consumer()).filter(why -> why.cause() != StallCause.OWNS_NOTHING)
                : said.partitions().values().stream()
                        .map(PartitionProgress::why)
                        .filter(MemberGuard::isInGroup)
                        .findAny();
    }

    private static boolean isInGroup(Diagnosis why) {
        return why.scope() instanceof Scope.Group || why.cause() == StallCause.JOINING_GROUP;
    }

    /** Checks that no cause in the group is named; called when it has been stable for some time. */
    void requireNoCauseInGroup() {
        causeInGroup().ifPresent(why -> {
            throw new Violation(
                    "W3",
                    process.name() + " names a cause in the group, which is stable, and nothing goes wrong: " + why);
        });
    }
}
