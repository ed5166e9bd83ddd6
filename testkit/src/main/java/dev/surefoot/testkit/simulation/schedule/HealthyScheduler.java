package dev.surefoot.testkit.simulation.schedule;

import java.util.EnumSet;
import java.util.Set;

/**
 * Draws schedules in which nothing goes wrong: records are written, leaders move in an orderly way, sessions give room
 * to others, and the application reads, seeks, pauses and assigns. No stall may be announced in any of them.
 */
public final class HealthyScheduler {
    private static final Set<Act> ACTS = EnumSet.of(
            Act.SESSION_EVICTED,
            Act.NO_SESSION_SLOT,
            Act.THROTTLED,
            Act.LEADER_MOVED,
            Act.PARTITION_ADDED,
            Act.REPLICA_PREFERRED,
            Act.REPLICA_NOT_PREFERRED,
            Act.WRITTEN,
            Act.WRITTEN_IN_TRANSACTION,
            Act.TRANSACTION_COMMITTED,
            Act.TRANSACTION_ABORTED,
            Act.COMPACTED,
            Act.HIGH_WATERMARK_HELD,
            Act.WALL_CLOCK_JUMP,
            Act.SEEK,
            Act.SEEK_TO_BEGINNING,
            Act.SEEK_TO_END,
            Act.SEEK_TO_STORED,
            Act.SEEK_WHILE_SENDING,
            Act.POLL_WHILE_SENDING,
            Act.POLL_WHILE_MEASURING,
            Act.PREEMPTED,
            Act.PAUSE,
            Act.RESUME,
            Act.ASSIGN,
            Act.REASSIGN,
            Act.ASK_PARTITIONS,
            Act.ASK_END_OFFSETS,
            Act.CLOSE);

    /** Memory for more than all partitions of a schedule hold. */
    private static final long BUFFER_BYTES = 1 << 20;

    private final Scheduler scheduler;

    public HealthyScheduler() {
        ActWeights weights = ActWeights.usual();
        for (Act act : Act.values()) {
            weights = ACTS.contains(act) ? weights : weights.with(act, 0);
        }
        scheduler = new Scheduler(weights);
    }

    /** Draws the schedule of a seed. */
    public Schedule draw(long seed) {
        Schedule drawn = scheduler.draw(seed);
        return new Schedule(seed, healthy(drawn.shape()), drawn.events());
    }

    /** Whether nothing goes wrong in a schedule. */
    public static boolean isHealthy(Schedule schedule) {
        return !schedule.shape().group().exists()
                && schedule.shape().equals(healthy(schedule.shape()))
                && schedule.events().stream().allMatch(event -> ACTS.contains(event.act()));
    }

    /** The same shape with enough memory, and with a position for a partition that has none. */
    private static Shape healthy(Shape shape) {
        return new Shape(
                shape.brokers(),
                shape.topics(),
                shape.partitions(),
                shape.batches(),
                shape.recordsPerBatch(),
                shape.topicIds(),
                shape.namesNewLeaders(),
                shape.sequentialSessionIds(),
                shape.firstSessionEpoch(),
                shape.sessions(),
                shape.readCommitted(),
                shape.reset() == Shape.Reset.NONE ? Shape.Reset.EARLIEST : shape.reset(),
                shape.auditMillis(),
                BUFFER_BYTES,
                shape.fetchBytes(),
                shape.partitionBytes(),
                shape.pollRecords(),
                shape.group());
    }
}
