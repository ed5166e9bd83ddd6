package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.OneThread;
import dev.surefoot.testkit.simulation.world.World;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/**
 * Checks that, while no fault is active, what the consumer waits for comes as soon as the wire can deliver it. Without
 * this check a missing wake-up between the threads would go unnoticed: the next wake-up would make up for it.
 */
final class Promptness {
    private static final long MILLI = 1_000_000L;
    /** Enough for several exchanges with a broker, and far less than a fetch waits for records or a loop for input. */
    private static final long SOON_NANOS = 50 * MILLI;
    /** Enough for one fetch per batch. */
    private static final long FOR_EACH_BATCH_NANOS = 3 * MILLI;

    /** Enough for a refusal, a back-off, one or two requests for metadata, and the records. */
    private static final long FAILOVER_NANOS = 500 * MILLI;

    private static final long AWAY_NANOS = 30_000 * MILLI;
    private static final Duration LONG_POLL = Duration.ofMillis(400);
    private static final Duration SHORT_POLL = Duration.ofMillis(10);
    private static final long A_LITTLE_LATER_NANOS = MILLI;
    private static final long PREEMPTED_NANOS = 5 * MILLI;
    private static final long LONGEST_PACE_NANOS = 1_300 * MILLI;
    private static final int PARTS = 8;
    private static final int PARTS_THAT_HAVE_WRITES = 6;
    private static final int BATCHES_THAT_FILL_A_SMALL_BUFFER = 12;
    private static final long SMALL_BUFFER_BYTES = 10_000;

    private final World world;
    private final OneThread threads;
    private final Application application;

    Promptness(World world, OneThread threads, Application application) {
        this.world = world;
        this.threads = threads;
        this.application = application;
    }

    void demand(Shape shape) {
        // Queries, and brokers from which nothing was fetched, still back off from earlier failures.
        application.liveUntil(world.time().nanos() + LONGEST_PACE_NANOS);
        TopicPartition notFound = application.findEnds(Duration.ofNanos(SOON_NANOS));
        if (notFound != null) {
            throw new Violation("L2", "the end of " + notFound + " is not found soon, while nothing goes wrong");
        }
        whatIsWrittenBeforeWaiting();
        if (shape.reset() == Shape.Reset.NONE) {
            whatIsToldOfNoPosition();
        }
        if (shape.bufferBytes() < SMALL_BUFFER_BYTES) {
            moreThanThereIsMemoryFor();
            oneWhileOthersArePaused(true);
            oneWhileOthersArePaused(false);
        }
        if (shape.brokers() > 1) {
            whatNewLeadersHave(shape);
            whatSurvivorsHave();
        }
    }

    /** Writes records after the application has looked for some and before it waits; they must be delivered at once. */
    private void whatIsWrittenBeforeWaiting() {
        long start = world.time().nanos();
        world.time().at(start + A_LITTLE_LATER_NANOS, () -> world.write(1));
        threads.preempt(PREEMPTED_NANOS);
        application.poll(LONG_POLL);
        readUntil(start + SOON_NANOS + world.partitions().size() * FOR_EACH_BATCH_NANOS, SHORT_POLL);
    }

    private void whatIsToldOfNoPosition() {
        long start = world.time().nanos();
        application.reassignFirst();
        application.poll(LONG_POLL);
        if (world.time().nanos() > start + SOON_NANOS) {
            throw new Violation("L2", "the application is told late that it has no position");
        }
        readWhatKeepsComing(FAILOVER_NANOS);
    }

    /**
     * The application releases memory just after the loop has found that there is none. The next records must be
     * fetched while the application is busy with the ones before.
     */
    private void moreThanThereIsMemoryFor() {
        world.write(BATCHES_THAT_FILL_A_SMALL_BUFFER);
        while (!application.hasReadEverything()) {
            long before = world.deliveries().count();
            world.wire().whileMeasuring(() -> application.poll(Duration.ZERO));
            world.troubles().note(Act.POLL_SLOWLY, SOON_NANOS);
            threads.busyUntil(world.time().nanos() + SOON_NANOS);
            application.poll(Duration.ZERO);
            if (world.deliveries().count() == before) {
                throw new Violation("L2", "nothing is fetched while the application is busy: " + application.unread());
            }
        }
    }

    /**
     * Data of paused partitions takes up all the memory, which another partition needs. The data arrives before they
     * are paused, or after.
     */
    private void oneWhileOthersArePaused(boolean before) {
        long batches = (long) world.partitions().size() * BATCHES_THAT_FILL_A_SMALL_BUFFER;
        long patience = SOON_NANOS + batches * FOR_EACH_BATCH_NANOS;
        long start = world.time().nanos();
        world.time().at(start + A_LITTLE_LATER_NANOS, () -> world.write(BATCHES_THAT_FILL_A_SMALL_BUFFER));
        if (before) {
            threads.busyUntil(start + SOON_NANOS);
        }
        application.pauseAllButFirst(true);
        application.poll(LONG_POLL);
        readUntil(start + SOON_NANOS + patience, LONG_POLL);
        application.pauseAllButFirst(false);
        readWhatKeepsComing(patience);
    }

    private void whatNewLeadersHave(Shape shape) {
        world.moveLeaders();
        long batches = (long) world.partitions().size() * PARTS;
        readWhatKeepsComing(shape.namesNewLeaders() ? SOON_NANOS + batches * FOR_EACH_BATCH_NANOS : FAILOVER_NANOS);
    }

    private void whatSurvivorsHave() {
        if (world.crash(1, AWAY_NANOS)) {
            readWhatKeepsComing(FAILOVER_NANOS);
        }
    }

    /**
     * Reads while records are written continuously: a partition joins a fetch only when the one in flight is answered.
     */
    private void readWhatKeepsComing(long withinNanos) {
        long start = world.time().nanos();
        int writes = world.partitions().size() == 1 ? 1 : PARTS_THAT_HAVE_WRITES;
        for (int part = 0; part < writes; part++) {
            world.time().at(start + part * withinNanos / PARTS, () -> world.write(1));
        }
        threads.busyUntil(start + MILLI);
        readUntil(start + withinNanos, SHORT_POLL);
    }

    private void readUntil(long deadline, Duration poll) {
        while (!application.hasReadAllButPaused()) {
            if (world.time().nanos() > deadline) {
                throw new Violation("L2", "while nothing goes wrong, records come late: " + application.unread());
            }
            application.poll(poll);
        }
    }
}
