package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.GroupShape.Assignors;
import dev.surefoot.testkit.simulation.schedule.GroupShape.Protocol;
import dev.surefoot.testkit.simulation.schedule.Schedule;

/**
 * What is odd and healthy, for an hour. The patience of the simulated guard is a tenth of the default, so what has to
 * pass within the patience lasts a tenth here.
 */
enum OddTraffic {
    IDLE(world()),
    A_RECORD_NOW_AND_THEN_IN_MANY_PARTITIONS(world().partitions(100)
            .act(600, Act.WRITTEN, 1)
            .act(1_800, Act.WRITTEN, 1, 57, 1)
            .act(3_000, Act.WRITTEN, 1)),
    BURST_AFTER_IDLENESS(world().fetchBytes(300).repeated(1_800, 0, 300, Act.WRITTEN, 0, 3)),
    COMPACTED_AWAY(world().batches(300).act(100, Act.COMPACTED, 1).act(200, Act.SEEK_TO_BEGINNING, 0)),
    ENDS_IN_A_MARKER(world().act(100, Act.WRITTEN_IN_TRANSACTION, 1).act(101, Act.TRANSACTION_COMMITTED, 0)),
    ABORTED_TRANSACTIONS(world().repeated(100, 0.5, 2_000, Act.WRITTEN_IN_TRANSACTION, 0, 1)
            .repeated(100.1, 0.5, 2_000, Act.TRANSACTION_ABORTED, 0, 0)),
    TRANSACTION_OF_NINE_MINUTES(world().act(60, Act.WRITTEN_IN_TRANSACTION, 2).act(600, Act.TRANSACTION_COMMITTED, 0)),
    ALWAYS_IN_A_TRANSACTION(world().repeated(10, 10, 350, Act.WRITTEN_IN_TRANSACTION, 0, 1)
            .repeated(19.9, 10, 350, Act.TRANSACTION_COMMITTED, 0, 0)),
    LEADERS_MOVE(world().brokers(3)
            .act(100, Act.LEADER_MOVED, 2, 0, 0)
            .act(900, Act.LEADER_MOVED, 3, 0, 0)
            .act(1_800, Act.REPLICAS_MOVED, 1, 0, 0)),
    ROLLING_RESTART(world().brokers(3)
            .partitions(6)
            .act(100, Act.BROKER_CRASH, 1, 0, 900_000)
            .act(120, Act.BROKER_CRASH, 2, 0, 900_000)
            .act(140, Act.BROKER_CRASH, 3, 0, 900_000)),
    PAUSED(world().act(10, Act.PAUSE, 0).act(20, Act.WRITTEN, 3).act(3_500, Act.RESUME, 0)),
    POLLS_EVERY_THREE_MINUTES(away(world())),
    ANSWERS_ALWAYS_FULL(world().partitions(20).fetchBytes(300).repeated(10, 0.01, 4_000, Act.WRITTEN, 7, 1)),
    A_ROUND_OF_FULL_ANSWERS_IS_LONG(world().partitions(40)
            .batches(100)
            .fetchBytes(300)
            .repeated(1, 0.05, 4_000, Act.RESPONSE_DELAYED, 0, 200_000)),
    THROTTLED_IN_BURSTS(world().repeated(100, 0.2, 40, Act.THROTTLED, 0, 0)
            .repeated(100, 0.2, 40, Act.WRITTEN, 0, 1)
            .repeated(1_800, 0.2, 40, Act.THROTTLED, 0, 0)),
    EVICTED_NOW_AND_THEN(
            world().repeated(100, 300, 10, Act.SESSION_EVICTED, 0, 0).repeated(101, 300, 10, Act.WRITTEN, 0, 1)),
    NO_SLOT_AT_ALL(world().lasting(0, Act.NO_SESSION_SLOT, 3_590).repeated(100, 100, 30, Act.WRITTEN, 0, 1)),
    RETENTION_OF_WHAT_WAS_READ(
            world().repeated(100, 100, 30, Act.WRITTEN, 0, 1).repeated(150, 100, 30, Act.RETENTION, 0, 2)),
    HIGH_WATERMARK_STANDS(world().lasting(100, Act.HIGH_WATERMARK_HELD, 600).act(110, Act.WRITTEN, 2)),
    ERRORS_AFTER_AN_ELECTION(
            world().brokers(2).act(100, Act.LEADER_MOVED, 2, 0, 0).lasting(100, Act.PARTITION_FAILS, 0.8)),
    PROCESS_STOPS(world().lasting(100, Act.PROCESS_STALL, 30).lasting(900, Act.PROCESS_STALL, 8)),
    SLEEPS_FOR_EIGHT_HOURS(world().lasting(100, Act.PROCESS_STALL, 28_800).act(101, Act.WALL_CLOCK_JUMP, 7_200_000)),
    WALL_CLOCK_JUMPS(world().act(100, Act.WALL_CLOCK_JUMP, 7_200_000).act(900, Act.WALL_CLOCK_JUMP, -14_400_000)),
    CREATED_AGAIN(world().act(100, Act.TOPIC_RECREATED, 0).act(101, Act.WRITTEN, 2)),
    PARTITIONS_ADDED(world().act(100, Act.PARTITION_ADDED, 0).act(100.1, Act.ASSIGN, 3)),
    FOLLOWER_A_LITTLE_BEHIND(world().brokers(2)
            .act(100, Act.REPLICA_PREFERRED, 2, 0, 0)
            .act(100, Act.FOLLOWERS_LAG, 1)
            .repeated(101, 1, 600, Act.WRITTEN, 0, 1)
            .act(701, Act.FOLLOWERS_LAG, 0)),
    SEEKS_AND_ASSIGNMENTS(world().repeated(100, 1, 300, Act.SEEK_TO_END, 0, 0)
            .repeated(100.5, 1, 300, Act.REASSIGN, 0, 0)
            .repeated(500, 1, 300, Act.SEEK, 0, 500)),
    FIRST_ANSWER_LATE(world().act(0, Act.CONTROL_DELAYED, 1_000_000).act(0, Act.RESPONSE_DELAYED, 1_000_000)),
    MORE_MEMBERS_THAN_PARTITIONS(group(3)),
    REBALANCED_NOW_AND_THEN(group(2).partitions(4)
            .act(100, Act.MEMBER_STARTED, 0)
            .act(300, Act.MEMBER_CLOSED, 0)
            .act(500, Act.MEMBER_STARTED, 0)),
    LISTENER_SLOW(group(2).partitions(4).lasting(99, Act.LISTENER_SLOW, 2).act(100, Act.MEMBER_STARTED, 0));

    private static final double HOUR_SECONDS = 3_600;

    private final GuardSchedule world;

    OddTraffic(GuardSchedule world) {
        this.world = world;
    }

    private static GuardSchedule world() {
        return new GuardSchedule();
    }

    private static GuardSchedule away(GuardSchedule world) {
        for (int second = 10; second < HOUR_SECONDS; second += 181) {
            world.lasting(second, Act.NO_POLL, 180).act(second + 20, Act.WRITTEN, 2);
        }
        return world;
    }

    private static GuardSchedule group(int members) {
        return world().group(new GroupShape(
                members, Protocol.CLASSIC, Assignors.COOPERATIVE, 0, true, 1_000, false, 0, false));
    }

    Schedule schedule() {
        return world.until(HOUR_SECONDS);
    }
}
