package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.GroupShape.Assignors;
import dev.surefoot.testkit.simulation.schedule.GroupShape.Protocol;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;

/**
 * What goes wrong, at five seconds unless {@link #atSecond} says another time; the cause that it is; and within how
 * many seconds that has to be named: two for what is local or a connection's, more where evidence takes time to come.
 */
enum Injection {
    REFUSED(
            StallCause.LEADER_UNREACHABLE,
            "the broker cuts and refuses connections",
            2,
            world().lasting(5, Act.CONNECTIONS_REFUSED, 12).act(5, Act.CUT_NOW, 0)),
    DOWN(StallCause.LEADER_UNREACHABLE, "the only broker goes down", 2, world().lasting(5, Act.BROKER_CRASH, 12)),
    NEVER_REACHED(
            StallCause.BOOTSTRAP_UNREACHABLE,
            "no connection is accepted from the start",
            2,
            world().lasting(0, Act.CONNECTIONS_REFUSED, 12)),
    ANSWER_LOST(
            StallCause.CONNECTION_HALF_OPEN,
            "the answer to a fetch is lost while records wait",
            3,
            behind().act(5.05, Act.RESPONSE_LOST, 0)),
    ANSWER_LATE(
            StallCause.BROKER_SLOW,
            "the answer to a fetch is 2.2 s late while records wait",
            3,
            behind().act(5.05, Act.RESPONSE_DELAYED, 2_200_000).act(6.5, Act.ASK_END_OFFSETS, 0)),
    ERRORS(
            StallCause.BROKER_ERRORS,
            "the partition answers with an error",
            3,
            world().lasting(5, Act.PARTITION_FAILS, 12)),
    LEADERLESS(
            StallCause.NO_LEADER,
            "the only replica's broker goes down",
            3,
            world().brokers(2).act(2, Act.REPLICAS_MOVED, 2, 0, 0).act(5, Act.BROKER_CRASH, 2, 0, 12_000_000)),
    NOT_KNOWN_YET(
            StallCause.PARTITION_MISSING,
            "a new partition is assigned, and metadata is old",
            2,
            world().lasting(4.9, Act.METADATA_STALE, 12)
                    .act(4.95, Act.PARTITION_ADDED, 0)
                    .act(5, Act.ASSIGN, 3)),
    LOOK_UP_LATE(
            StallCause.LOOKING_UP_POSITION,
            "the look-up of a position is not answered",
            2,
            world().act(5, Act.CONTROL_DELAYED, 2_800_000).act(5, Act.SEEK_TO_END, 0)),
    NO_OFFSET(
            StallCause.NO_INITIAL_OFFSET,
            "no position, and no reset policy",
            2,
            world().reset(Shape.Reset.NONE).lasting(0, Act.NO_POLL, 8)),
    RECREATED(
            StallCause.TOPIC_RECREATED,
            "the topic is created again, and there is no reset policy",
            4,
            world().reset(Shape.Reset.NONE).act(5, Act.TOPIC_RECREATED, 0).lasting(5, Act.NO_POLL, 8)),
    TRUNCATED(
            StallCause.LOG_TRUNCATED,
            "an unclean election cuts what was read, without a policy",
            4,
            world().brokers(2)
                    .reset(Shape.Reset.NONE)
                    .act(5, Act.LEADER_UNCLEAN, 2, 0, 3)
                    .lasting(5, Act.NO_POLL, 8)),
    LOST(
            StallCause.PARTITION_LOST_FROM_SESSION,
            "the session loses a partition that is behind",
            6,
            behind().act(5.5008, Act.SESSION_LOSES_PARTITION, 0)),
    DIVERGED(
            StallCause.SESSION_DIVERGED,
            "answers have partitions that were not asked for",
            3,
            behind().repeated(5.05, 0.002, 20, Act.EXTRA_PARTITION, 0, 0)),
    LOW(
            StallCause.LOG_DOES_NOT_LEAD_ON,
            "answers have batches from below the position",
            6,
            behind().repeated(5.05, 0.002, 10, Act.LOW_BATCHES, 0, 0)),
    TRANSACTION(StallCause.TRANSACTION_OPEN, "a transaction is open", 2, world().act(5, Act.WRITTEN_IN_TRANSACTION, 1)),
    NOTHING_LEFT(
            StallCause.NOTHING_DELIVERABLE,
            "compaction has left nothing from the position to the end",
            6,
            world().act(3, Act.COMPACTED, 0)
                    .act(3, Act.COMPACTED, 1)
                    .act(3, Act.COMPACTED, 2)
                    .act(4, Act.LEADER_UNCLEAN, 1)
                    .act(5, Act.SEEK_TO_BEGINNING, 0)),
    PAUSED(StallCause.PAUSED, "the application pauses", 2, world().act(5, Act.PAUSE, 0)),
    AWAY(
            StallCause.APPLICATION_NOT_POLLING,
            "the application does not poll, and records wait",
            12,
            world().lasting(5, Act.NO_POLL, 20).act(5, Act.WRITTEN, 1)),
    FULL(
            StallCause.BUFFER_FULL_OF_OTHERS,
            "fetched records that nobody polls fill the memory",
            7,
            world().partitions(2)
                    .bufferBytes(400)
                    .lasting(4.5, Act.NO_POLL, 8)
                    .repeated(4.5, 0.01, 30, Act.WRITTEN, 1, 3)
                    .repeated(5, 0.01, 10, Act.WRITTEN, 0, 3)),
    STOPPED(StallCause.LOOP_STUCK, "the process stops for 8 s", 9, world().lasting(5, Act.PROCESS_STALL, 8)),

    COORDINATOR_GONE(
            StallCause.COORDINATOR_MISSING,
            "a member joins, and no broker is the coordinator",
            2,
            group(1).lasting(5, Act.COORDINATOR_MOVED, 12).act(5, Act.MEMBER_STARTED, 0)),
    LOADING(
            StallCause.COORDINATOR_LOADING,
            "a member joins, and the coordinator loads for 8 s",
            3,
            group(1).lasting(5, Act.COORDINATOR_MOVED, 16).act(13, Act.MEMBER_STARTED, 0)),
    COORDINATOR_REFUSES(
            StallCause.COORDINATOR_UNREACHABLE,
            "the coordinator's broker refuses connections",
            3,
            group(2).brokers(3)
                    .act(5, Act.COORDINATOR_MOVED, 3, 0, 1_000)
                    .act(5, Act.CONNECTIONS_REFUSED, 3, 0, 12_000_000)
                    .act(5, Act.CUT_NOW, 3, 0, 0)),
    OTHER_IS_SLOW(
            StallCause.JOINING_GROUP,
            "a member joins, and another's listener does not return",
            2,
            group(1).lasting(4, Act.LISTENER_SLOW, 3.5).act(5, Act.MEMBER_STARTED, 0)),
    EVICTED(
            StallCause.EVICTED_FOR_SLOW_POLL,
            "a member's application does not poll for 8 s of the 4 it may",
            6,
            group(1).lasting(5, Act.MEMBER_AWAY, 8)),
    FORBIDDEN(
            StallCause.GROUP_NOT_AUTHORIZED,
            "the coordinator refuses a member",
            2,
            group(1).act(4.9, Act.API_REFUSED, 84).act(5, Act.MEMBER_STARTED, 0)),
    SURPLUS(
            StallCause.OWNS_NOTHING,
            "there are more members than partitions",
            2,
            group(1).act(5, Act.MEMBER_STARTED, 0)),
    UNSTABLE(
            StallCause.COMMITTED_OFFSET_UNSTABLE,
            "a transaction that commits the offset is open",
            3,
            group(1).lasting(5, Act.OFFSET_UNSTABLE, 8).act(5.1, Act.REBALANCE_ENFORCED, 0));

    private static final double AT_SECOND = 5;
    private static final double UNTIL_SECOND = 30;

    private final StallCause cause;
    private final String words;
    private final int boundSeconds;
    private final GuardSchedule world;

    Injection(StallCause cause, String words, int boundSeconds, GuardSchedule world) {
        this.cause = cause;
        this.words = words;
        this.boundSeconds = boundSeconds;
        this.world = world;
    }

    private static GuardSchedule world() {
        return new GuardSchedule();
    }

    /** A world in which a log is read from its start at five seconds, by some hundred fetches. */
    private static GuardSchedule behind() {
        return world().partitions(2)
                .batches(400)
                .fetchBytes(300)
                .act(5, Act.SEEK_TO_BEGINNING, 1, 0, 0)
                .act(5, Act.SEEK_TO_BEGINNING, 1, 1, 0);
    }

    private static GuardSchedule group(int members) {
        return world().group(
                        new GroupShape(members, Protocol.CLASSIC, Assignors.RANGE, 0, true, 1_000, false, 0, false));
    }

    StallCause cause() {
        return cause;
    }

    /** What happens, as part of a table. */
    String words() {
        return words;
    }

    int boundSeconds() {
        return boundSeconds;
    }

    /** When it goes wrong. */
    double atSecond() {
        return switch (this) {
            case NEVER_REACHED, NO_OFFSET -> 0;
            case LOADING -> 13;
            default -> AT_SECOND;
        };
    }

    Schedule schedule() {
        return world.until(UNTIL_SECOND);
    }
}
