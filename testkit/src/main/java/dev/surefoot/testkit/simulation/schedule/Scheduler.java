package dev.surefoot.testkit.simulation.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Draws schedules from seeds. The same seed and the same weights give the same schedule. */
public final class Scheduler {
    private static final long MILLI = 1_000;
    private static final long SECOND = 1_000 * MILLI;

    private static final int ONE_IN_A_BURST = 2;
    private static final long BURST_MICROS = 5 * MILLI;
    private static final long LATER_MICROS = 200 * MILLI;

    private final ActWeights weights;

    /** @param weights how often each act is drawn */
    public Scheduler(ActWeights weights) {
        this.weights = weights;
    }

    /** Draws the schedule of a seed; most are small, a few are of the larger sizes. */
    public Schedule draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return draw(seed, Size.drawn(random), random);
    }

    /** Draws the schedule of a seed, of this size. */
    public Schedule draw(long seed, Size size) {
        return draw(seed, size, new SplittableRandom(seed));
    }

    private Schedule draw(long seed, Size size, SplittableRandom random) {
        Shape shape = shape(size, random);
        int count = random.nextInt(size.eventsLeast(), size.eventsMost() + 1);
        List<Event> events = new ArrayList<>(count);
        Event event = event(shape, random.nextLong(size.micros()), random);
        while (events.size() < count) {
            events.add(event);
            if (event.act() == Act.METADATA_STALE && random.nextBoolean()) {
                events.addAll(whatItsMetadataMisses(event, shape, random));
            }
            if (event.act() == Act.SEEK_TO_BEGINNING || event.act() == Act.SEEK_TO_END) {
                events.addAll(changesOfMind(event, random));
            }
            event = random.nextInt(ONE_IN_A_BURST) == 0
                    ? soonAfter(event, weights.draw(random), random)
                    : event(shape, random.nextLong(size.micros()), random);
        }
        leaveOutWhatNobodyCanTell(shape, events);
        events.sort(Comparator.comparingLong(Event::atMicros));
        return new Schedule(seed, shape, untilClose(events));
    }

    private static List<Event> untilClose(List<Event> events) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).act() == Act.CLOSE) {
                return List.copyOf(events.subList(0, i + 1));
            }
        }
        return List.copyOf(events);
    }

    private static Shape shape(Size size, SplittableRandom random) {
        int brokers = random.nextInt(1, size.brokersMost() + 1);
        int partitions = random.nextInt(1, size.partitionsMost() + 1);
        boolean smallBuffer = random.nextInt(4) == 0;
        return new Shape(
                brokers,
                random.nextInt(1, Math.min(3, partitions) + 1),
                partitions,
                random.nextInt(0, size.batchesMost() + 1),
                random.nextInt(1, 6),
                random.nextInt(6) != 0,
                random.nextBoolean(),
                random.nextInt(8) == 0,
                random.nextInt(16) == 0 ? Integer.MAX_VALUE - random.nextInt(6) : 1,
                random.nextInt(24) != 0,
                random.nextInt(3) == 0,
                reset(random),
                random.nextInt(4) == 0 ? 60_000 : 1_000L + random.nextInt(4_000),
                smallBuffer ? 300L + random.nextInt(2_000) : 1 << 20,
                random.nextInt(4) == 0 ? 300 + random.nextInt(700) : 1 << 20,
                random.nextInt(4) == 0 ? 200 + random.nextInt(300) : 1 << 20,
                random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 500,
                GroupShape.NONE);
    }

    private static Shape.Reset reset(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> Shape.Reset.LATEST;
            case 1 -> Shape.Reset.NONE;
            default -> Shape.Reset.EARLIEST;
        };
    }

    /** Moves an event close behind another one, so that it happens while the client recovers from the first. */
    private static Event soonAfter(Event before, Act act, SplittableRandom random) {
        long atMicros = before.atMicros() + random.nextLong(BURST_MICROS);
        return new Event(atMicros, act, before.broker(), before.partition(), amount(act, random));
    }

    /** Adds events by which a topic is created again while a broker with stale metadata answers queries about it. */
    private List<Event> whatItsMetadataMisses(Event stale, Shape shape, SplittableRandom random) {
        List<Event> missed = new ArrayList<>();
        missed.add(soonAfter(stale, Act.TOPIC_RECREATED, random));
        for (int broker = 1; broker <= shape.brokers(); broker++) {
            long later = stale.atMicros() + LATER_MICROS + random.nextLong(LATER_MICROS);
            Act act = broker == stale.broker() ? Act.LEADER_MOVED : Act.CONTROL_CUT;
            missed.add(new Event(later, act, broker, stale.partition(), 0));
        }
        missed.removeIf(event -> weights.weightOf(event.act()) == 0);
        return missed;
    }

    /** Adds seeks while the offset of the first seek is looked up. */
    private List<Event> changesOfMind(Event first, SplittableRandom random) {
        List<Event> changes = new ArrayList<>();
        Act other = first.act() == Act.SEEK_TO_END ? Act.SEEK_TO_BEGINNING : Act.SEEK_TO_END;
        Act[] acts = {Act.CONTROL_DELAYED, other, first.act()};
        long atMicros = first.atMicros();
        for (Act act : acts) {
            if (random.nextBoolean() && weights.weightOf(act) > 0) {
                changes.add(new Event(atMicros, act, first.broker(), first.partition(), amount(act, random)));
            }
            atMicros += 1 + random.nextLong(MILLI);
        }
        return changes;
    }

    private Event event(Shape shape, long atMicros, SplittableRandom random) {
        Act act = weights.draw(random);
        int broker = 1 + random.nextInt(shape.brokers());
        int partition = random.nextInt(shape.partitions());
        return new Event(atMicros, act, broker, partition, amount(act, random));
    }

    private static long amount(Act act, SplittableRandom random) {
        return switch (act) {
            case NOT_READY, REQUEST_DELAYED, RESPONSE_DELAYED, CONTROL_DELAYED, HIGH_WATERMARK_HELD ->
                MILLI + random.nextLong(400 * MILLI);
            case CONNECTIONS_REFUSED,
                    BROKER_CRASH,
                    NO_SESSION_SLOT,
                    METADATA_STALE,
                    METADATA_WITHOUT_IDS,
                    PARTITION_FAILS,
                    NO_POLL -> 100 * MILLI + random.nextLong(2 * SECOND);
            case PROCESS_STALL -> 100 * MILLI + random.nextLong(8 * SECOND);
            case PREEMPTED -> random.nextLong(20 * MILLI);
            case POLL_SLOWLY -> random.nextBoolean() ? 0 : random.nextLong(300 * MILLI);
            case WALL_CLOCK_JUMP -> random.nextLong(-7_200_000, 7_200_000);
            case LEADER_UNCLEAN, RETENTION -> 1 + random.nextInt(12);
            case FOLLOWERS_LAG -> random.nextInt(6);
            case WRITTEN, WRITTEN_IN_TRANSACTION -> 1 + random.nextInt(3);
            case COMPACTED, FETCH_REFUSED -> random.nextInt(3);
            case SEEK, SEEK_WHILE_SENDING -> random.nextInt(1_001);
            case ASSIGN -> random.nextLong();
            default -> 0;
        };
    }

    /**
     * Without topic ids a client cannot tell a topic from an earlier one of its name, so topics are not created again.
     */
    private static void leaveOutWhatNobodyCanTell(Shape shape, List<Event> events) {
        boolean nameless = events.stream().anyMatch(event -> event.act() == Act.METADATA_WITHOUT_IDS);
        if (nameless || !shape.topicIds()) {
            events.removeIf(event -> event.act() == Act.TOPIC_RECREATED);
        }
    }
}
