package dev.surefoot.testkit.simulation.schedule;

import dev.surefoot.testkit.simulation.schedule.GroupShape.Assignors;
import dev.surefoot.testkit.simulation.schedule.GroupShape.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Draws schedules with a group of consumers from seeds. The same seed and the same weights give the same schedule. */
public final class GroupScheduler {
    private static final List<Assignors> BY_LEADER = List.of(
            Assignors.RANGE,
            Assignors.COOPERATIVE,
            Assignors.BOTH,
            Assignors.RANGE_AND_BOTH,
            Assignors.COOPERATIVE_AND_BOTH);

    private static final List<Assignors> BY_COORDINATOR =
            List.of(Assignors.UNIFORM, Assignors.SERVER_RANGE, Assignors.SWAPPING);

    private static final long MILLI = 1_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final int MEMBERS_MOST = 4;
    private static final int ONE_IN_A_BURST = 3;
    private static final long BURST_MICROS = 50 * MILLI;
    private static final int IN_A_HUNDRED = 100;

    /** How much happens, and for how long. */
    private record Extent(int share, int partitionsMost, int eventsMost, long micros) {}

    private static final List<Extent> EXTENTS = List.of(
            new Extent(80, 4, 10, 5 * SECOND), new Extent(17, 6, 25, 10 * SECOND), new Extent(3, 10, 60, 30 * SECOND));

    private final ActWeights weights;

    /** @param weights how often each act is drawn */
    public GroupScheduler(ActWeights weights) {
        this.weights = weights;
    }

    /** Whether this act may be part of schedules with a group. */
    public static boolean draws(Act act) {
        return ActWeights.ofGroups().weightOf(act) > 0;
    }

    /** Draws the schedule of a seed; most are small. */
    public Schedule draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Extent extent = extent(random);
        Shape shape = shape(extent, random);
        int count = random.nextInt(1, extent.eventsMost() + 1);
        List<Event> events = new ArrayList<>(count);
        Event before = event(shape, random.nextLong(extent.micros()), random);
        while (events.size() < count) {
            events.add(before);
            before = random.nextInt(ONE_IN_A_BURST) == 0
                    ? event(shape, before.atMicros() + random.nextLong(BURST_MICROS), random)
                    : event(shape, random.nextLong(extent.micros()), random);
        }
        if (!shape.topicIds()) {
            events.removeIf(event -> event.act() == Act.TOPIC_RECREATED);
        }
        events.sort(Comparator.comparingLong(Event::atMicros));
        return new Schedule(seed, shape, List.copyOf(events));
    }

    private static Extent extent(SplittableRandom random) {
        int drawn = random.nextInt(IN_A_HUNDRED);
        for (Extent extent : EXTENTS) {
            drawn -= extent.share();
            if (drawn < 0) {
                return extent;
            }
        }
        throw new IllegalStateException("the shares do not add up to " + IN_A_HUNDRED);
    }

    private static Shape shape(Extent extent, SplittableRandom random) {
        int partitions = random.nextInt(1, extent.partitionsMost() + 1);
        boolean smallBuffer = random.nextInt(6) == 0;
        return new Shape(
                random.nextInt(1, 4),
                random.nextInt(1, Math.min(3, partitions) + 1),
                partitions,
                random.nextInt(0, 6),
                random.nextInt(1, 4),
                random.nextInt(6) != 0,
                random.nextBoolean(),
                false,
                1,
                random.nextInt(24) != 0,
                random.nextInt(3) == 0,
                random.nextInt(6) == 0 ? Shape.Reset.LATEST : Shape.Reset.EARLIEST,
                60_000,
                smallBuffer ? 300L + random.nextInt(2_000) : 1 << 20,
                1 << 20,
                1 << 20,
                random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 500,
                group(random));
    }

    private static GroupShape group(SplittableRandom random) {
        Protocol protocol = random.nextBoolean() ? Protocol.CLASSIC : Protocol.CONSUMER;
        Assignors assignors = protocol == Protocol.CLASSIC
                ? BY_LEADER.get(random.nextInt(BY_LEADER.size()))
                : BY_COORDINATOR.get(random.nextInt(BY_COORDINATOR.size()));
        return new GroupShape(
                random.nextInt(1, MEMBERS_MOST),
                protocol,
                assignors,
                random.nextInt(3) == 0 ? random.nextInt(1, MEMBERS_MOST + 1) : 0,
                random.nextBoolean(),
                random.nextInt(3) == 0 ? 100 : 1_000,
                random.nextInt(3) == 0,
                random.nextInt(3) * 200,
                random.nextInt(6) == 0);
    }

    private Event event(Shape shape, long atMicros, SplittableRandom random) {
        Act act = weights.draw(random);
        int broker = 1 + random.nextInt(shape.brokers());
        int partition = random.nextInt(shape.partitions());
        int member = random.nextInt(MEMBERS_MOST);
        return new Event(atMicros, act, broker, partition, amount(act, random), member);
    }

    private static long amount(Act act, SplittableRandom random) {
        return switch (act) {
            case NOT_READY,
                    REQUEST_DELAYED,
                    RESPONSE_DELAYED,
                    CONTROL_DELAYED,
                    HIGH_WATERMARK_HELD,
                    MEMBER_SLOW,
                    UNSUBSCRIBED,
                    COMMITS_DENSE,
                    ASSIGNED_INSTEAD -> MILLI + random.nextLong(800 * MILLI);
            case CONNECTIONS_REFUSED,
                    BROKER_CRASH,
                    NO_SESSION_SLOT,
                    METADATA_STALE,
                    PARTITION_FAILS,
                    COORDINATOR_MOVED,
                    COORDINATOR_CRASHED,
                    WRITES_LOST,
                    GROUP_ANSWER_LATE,
                    OFFSET_UNSTABLE -> 50 * MILLI + random.nextLong(3 * SECOND);
            case MEMBER_AWAY, MEMBER_STOPPED, LISTENER_SLOW ->
                random.nextInt(3) == 0 ? random.nextLong(8 * SECOND) : random.nextLong(SECOND);
            case WRITTEN, WRITTEN_IN_TRANSACTION -> 1 + random.nextInt(3);
            case LISTENER_SEEKS, MEMBER_SEEKS -> random.nextInt(1_001);
            default -> random.nextLong(1 << 16);
        };
    }
}
