package dev.surefoot.testkit.simulation.coordinator;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/** Everything that the coordinator does at a certain time. A timer has a key, and setting it again replaces it. */
final class GroupTimers {
    private record Timer(String key, long deadlineMs, long number, LongConsumer action) {}

    private final TreeSet<Timer> inOrder =
            new TreeSet<>(Comparator.comparingLong(Timer::deadlineMs).thenComparingLong(Timer::number));

    private final Map<String, Timer> byKey = new HashMap<>();
    private long numbers;

    /** Sets a timer; its action is given the time at which it runs. */
    void set(String key, long deadlineMs, LongConsumer action) {
        cancel(key);
        Timer timer = new Timer(key, deadlineMs, numbers++, action);
        byKey.put(key, timer);
        inOrder.add(timer);
    }

    void cancel(String key) {
        Timer timer = byKey.remove(key);
        if (timer != null) {
            inOrder.remove(timer);
        }
    }

    /** Cancels all. */
    void clear() {
        byKey.clear();
        inOrder.clear();
    }

    /** What is set, in the order in which it will run. */
    Iterable<?> inOrder() {
        return inOrder;
    }

    boolean isSet(String key) {
        return byKey.containsKey(key);
    }

    /** The time of the first timer, or {@link Long#MAX_VALUE}. */
    long nextDeadlineMs() {
        return inOrder.isEmpty() ? Long.MAX_VALUE : inOrder.first().deadlineMs();
    }

    /** Runs what is due, each at its own time, in order of time and, at one time, in the order of setting. */
    void run(long nowMs) {
        while (nextDeadlineMs() <= nowMs) {
            Timer timer = inOrder.first();
            cancel(timer.key());
            timer.action().accept(timer.deadlineMs());
        }
    }
}
