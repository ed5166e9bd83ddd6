package dev.surefoot.testkit.simulation.schedule;

import java.util.List;

/**
 * Everything that is going to happen in one run, decided beforehand. The same schedule gives the same run to the byte.
 *
 * @param seed what it was made from, and where what little is left to chance in the run comes from
 * @param events in the order of their times
 */
public record Schedule(long seed, Shape shape, List<Event> events) {

    public Schedule with(List<Event> others) {
        return new Schedule(seed, shape, others);
    }

    public Schedule with(Shape other) {
        return new Schedule(seed, other, events);
    }
}
