package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing schedule smaller as long as it breaks the same property: fewer events, partitions and brokers, a
 * shorter run, a simpler configuration. Deterministic.
 */
public final class Shrinker {
    /** The most runs for one shrinking; most of them are far smaller than the first. */
    private static final int RUNS_MOST = 3_000;

    private final Predicate<Schedule> fails;
    private Schedule smallest;
    private int runs;

    private Shrinker(Schedule failing, Predicate<Schedule> fails) {
        this.smallest = failing;
        this.fails = fails;
    }

    /**
     * Shrinks a schedule.
     *
     * @param property the property that it breaks
     * @return a schedule that breaks it too
     */
    public static Schedule shrink(Schedule failing, Seams subject, String property) {
        return shrink(failing, candidate -> {
            Violation violation = Simulation.run(candidate, subject, false).violation();
            return violation != null && violation.property().equals(property);
        });
    }

    /**
     * Shrinks a schedule.
     *
     * @param fails whether a schedule still does what this one does
     */
    public static Schedule shrink(Schedule failing, Predicate<Schedule> fails) {
        Shrinker shrinker = new Shrinker(failing, fails);
        Schedule before;
        do {
            before = shrinker.smallest;
            shrinker.leaveOutEvents();
            shrinker.simplifyShape();
            shrinker.hurry();
        } while (!before.equals(shrinker.smallest) && shrinker.runs < RUNS_MOST);
        return shrinker.smallest;
    }

    private boolean keepIfItFails(Schedule candidate) {
        if (candidate.equals(smallest) || runs++ >= RUNS_MOST) {
            return false;
        }
        boolean kept = fails.test(candidate);
        if (kept) {
            smallest = candidate;
        }
        return kept;
    }

    /** Leaves out half of the events, then quarters, down to single ones. */
    private void leaveOutEvents() {
        for (int size = Math.max(1, smallest.events().size() / 2); size >= 1; size /= 2) {
            int from = 0;
            while (from < smallest.events().size()) {
                List<Event> fewer = new ArrayList<>(smallest.events());
                fewer.subList(from, Math.min(fewer.size(), from + size)).clear();
                if (!keepIfItFails(smallest.with(fewer))) {
                    from += size;
                }
            }
        }
    }

    private void simplifyShape() {
        boolean simpler = true;
        while (simpler) {
            simpler = SimplerShapes.of(smallest.shape()).stream()
                    .anyMatch(shape -> keepIfItFails(fitting(smallest.with(shape))));
        }
    }

    /** Returns the events moved to brokers that the shape has. */
    private static Schedule fitting(Schedule schedule) {
        List<Event> events = new ArrayList<>();
        for (Event event : schedule.events()) {
            int broker = 1 + (event.broker() - 1) % schedule.shape().brokers();
            events.add(event.moved(event.atMicros(), broker));
        }
        return schedule.with(events);
    }

    /** Halves the time of every event. */
    private void hurry() {
        boolean faster = true;
        while (faster) {
            List<Event> earlier = new ArrayList<>();
            for (Event event : smallest.events()) {
                earlier.add(event.moved(event.atMicros() / 2, event.broker()));
            }
            faster = keepIfItFails(smallest.with(earlier));
        }
    }
}
