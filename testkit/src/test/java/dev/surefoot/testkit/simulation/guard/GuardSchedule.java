package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A schedule written by hand, in which the guard is looked at four times a second for a minute. Not thread-safe. */
final class GuardSchedule {
    static final double SECONDS = 1e6;
    private static final long LOOK_MICROS = 250_000;
    private static final long OFTEN_MICROS = 60_000_000;
    private static final long SELDOM_MICROS = 5_000_000;

    private int brokers = 1;
    private int partitions = 1;
    private int batches = 2;
    private boolean readCommitted = true;
    private Shape.Reset reset = Shape.Reset.EARLIEST;
    private long bufferBytes = 1 << 20;
    private int fetchBytes = 1 << 20;
    private GroupShape group = GroupShape.NONE;
    private final List<Event> events = new ArrayList<>();

    GuardSchedule brokers(int count) {
        brokers = count;
        return this;
    }

    GuardSchedule partitions(int count) {
        partitions = count;
        return this;
    }

    GuardSchedule batches(int count) {
        batches = count;
        return this;
    }

    GuardSchedule readUncommitted() {
        readCommitted = false;
        return this;
    }

    GuardSchedule reset(Shape.Reset policy) {
        reset = policy;
        return this;
    }

    GuardSchedule bufferBytes(long bytes) {
        bufferBytes = bytes;
        return this;
    }

    GuardSchedule fetchBytes(int bytes) {
        fetchBytes = bytes;
        return this;
    }

    GuardSchedule group(GroupShape shape) {
        group = shape;
        return this;
    }

    /** Adds what happens to the first partition and the first broker. */
    GuardSchedule act(double second, Act act, long amount) {
        return act(second, act, 1, 0, amount);
    }

    /** Adds what happens for some time. */
    GuardSchedule lasting(double second, Act act, double seconds) {
        return act(second, act, (long) (seconds * SECONDS));
    }

    GuardSchedule act(double second, Act act, int broker, int partition, long amount) {
        events.add(new Event((long) (second * SECONDS), act, broker, partition, amount));
        return this;
    }

    /** Adds the same so many times, each a while after the one before. */
    GuardSchedule repeated(double second, double apart, int times, Act act, int partition, long amount) {
        for (int i = 0; i < times; i++) {
            act(second + i * apart, act, 1, partition, amount);
        }
        return this;
    }

    /** Returns the schedule, which ends at a time. */
    Schedule until(double second) {
        Shape shape = new Shape(
                brokers,
                1,
                partitions,
                batches,
                3,
                true,
                true,
                true,
                1,
                true,
                readCommitted,
                reset,
                4_000,
                bufferBytes,
                fetchBytes,
                1 << 20,
                500,
                group);
        List<Event> all = new ArrayList<>(events);
        long endMicros = (long) (second * SECONDS);
        if (group.exists()) {
            // Members are looked at in any case.
            all.add(new Event(endMicros, Act.WRITTEN, 1, 0, 1));
        } else {
            // The application polls anew at each event, and the watch looks after each poll.
            long oftenMicros = Math.min(endMicros, OFTEN_MICROS);
            for (long atMicros = 0; atMicros < oftenMicros; atMicros += LOOK_MICROS) {
                all.add(new Event(atMicros, Act.POLL_SLOWLY, 1, 0, 0));
            }
            for (long atMicros = oftenMicros; atMicros < endMicros; atMicros += SELDOM_MICROS) {
                all.add(new Event(atMicros, Act.POLL_SLOWLY, 1, 0, 0));
            }
            all.add(new Event(endMicros, Act.ASK_PARTITIONS, 1, 0, 0));
        }
        all.sort(Comparator.comparingLong(Event::atMicros));
        return new Schedule(1, shape, all);
    }
}
