package dev.surefoot.testkit.simulation.schedule;

import java.util.List;

/**
 * All events of one run, decided beforehand. The same schedule gives the same run to the byte.
 *
 * @param seed the seed that it was made from, and from which the run draws what the schedule leaves open
 * @param events in the order of their times
 */
public record Schedule(long seed, Shape shape, List<Event> events) {

    /** Returns the schedule with other events. */
    public Schedule with(List<Event> others) {
        return new Schedule(seed, shape, others);
    }

    /** Returns the schedule with another shape. */
    public Schedule with(Shape other) {
        return new Schedule(seed, other, events);
    }
}
