package dev.surefoot.testkit.simulation.schedule;

import java.util.SplittableRandom;

/** The size of a schedule: brokers, partitions, events and time. */
public enum Size {
    SMALL(2, 3, 6, 3, 10, 2_000_000),
    MEDIUM(3, 8, 12, 10, 40, 8_000_000),
    LARGE(3, 24, 20, 60, 200, 40_000_000);

    private static final int IN_A_THOUSAND = 1_000;
    private static final int MEDIUM_SHARE = 80;
    private static final int LARGE_SHARE = 4;

    private final int brokersMost;
    private final int partitionsMost;
    private final int batchesMost;
    private final int eventsLeast;
    private final int eventsMost;
    private final long micros;

    Size(int brokersMost, int partitionsMost, int batchesMost, int eventsLeast, int eventsMost, long micros) {
        this.brokersMost = brokersMost;
        this.partitionsMost = partitionsMost;
        this.batchesMost = batchesMost;
        this.eventsLeast = eventsLeast;
        this.eventsMost = eventsMost;
        this.micros = micros;
    }

    static Size drawn(SplittableRandom random) {
        int drawn = random.nextInt(IN_A_THOUSAND);
        if (drawn < LARGE_SHARE) {
            return LARGE;
        }
        return drawn < LARGE_SHARE + MEDIUM_SHARE ? MEDIUM : SMALL;
    }

    int brokersMost() {
        return brokersMost;
    }

    int partitionsMost() {
        return partitionsMost;
    }

    int batchesMost() {
        return batchesMost;
    }

    int eventsLeast() {
        return eventsLeast;
    }

    int eventsMost() {
        return eventsMost;
    }

    /** How long events go on, in microseconds of virtual time. */
    long micros() {
        return micros;
    }
}
