package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorTimer;

/** The virtual clock of Kafka's coordinator: its timers, and the work that it does beside its requests. */
final class ShardClock implements Time {
    private final int workMs;
    private final Map<String, Due> timers = new TreeMap<>();
    private final Map<String, Due> work = new TreeMap<>();
    private long nowMs;

    /**
     * @param workMs how long work takes that is done beside requests
     */
    ShardClock(long nowMs, int workMs) {
        this.nowMs = nowMs;
        this.workMs = workMs;
    }

    private record Due(String key, long atMs, Runnable action) {}

    /** When the next thing happens; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineMs() {
        return first().map(Due::atMs).orElse(Long.MAX_VALUE);
    }

    private Optional<Due> first() {
        List<Due> all = new ArrayList<>(work.values());
        all.addAll(timers.values());
        return all.stream().min(Comparator.comparingLong(Due::atMs));
    }

    /** Sets the clock and lets happen what is due. */
    void turn(long toMs) {
        nowMs = toMs;
        for (Optional<Due> due = first(); due.isPresent() && due.get().atMs() <= toMs; due = first()) {
            work.remove(due.get().key(), due.get());
            timers.remove(due.get().key(), due.get());
            due.get().action().run();
        }
    }

    void cancelAll() {
        timers.clear();
        work.clear();
    }

    CoordinatorTimer<CoordinatorRecord> timer(Consumer<CoordinatorResult<Void, CoordinatorRecord>> written) {
        return new CoordinatorTimer<>() {
            @Override
            public void schedule(
                    String key,
                    long delay,
                    TimeUnit unit,
                    boolean retry,
                    TimeoutOperation<CoordinatorRecord> operation) {
                Runnable action = () -> written.accept(operation.generateRecords());
                timers.put(key, new Due(key, nowMs + unit.toMillis(delay), action));
            }

            @Override
            public void schedule(
                    String key,
                    long delay,
                    TimeUnit unit,
                    boolean retry,
                    long retryBackoff,
                    TimeoutOperation<CoordinatorRecord> operation) {
                schedule(key, delay, unit, retry, operation);
            }

            @Override
            public void scheduleIfAbsent(
                    String key,
                    long delay,
                    TimeUnit unit,
                    boolean retry,
                    TimeoutOperation<CoordinatorRecord> operation) {
                if (!isScheduled(key)) {
                    schedule(key, delay, unit, retry, operation);
                }
            }

            @Override
            public void cancel(String key) {
                timers.remove(key);
            }

            @Override
            public boolean isScheduled(String key) {
                return timers.containsKey(key);
            }
        };
    }

    CoordinatorExecutor<CoordinatorRecord> executor(Consumer<CoordinatorResult<Void, CoordinatorRecord>> written) {
        return new CoordinatorExecutor<>() {
            @Override
            public <R> boolean schedule(String key, TaskRunnable<R> task, TaskOperation<CoordinatorRecord, R> end) {
                if (isScheduled(key)) {
                    return false;
                }
                R result;
                try {
                    result = task.run();
                } catch (Throwable e) {
                    throw new AssertionError("the work of " + key + " failed", e);
                }
                work.put(key, new Due(key, nowMs + workMs, () -> written.accept(end.onComplete(result, null))));
                return true;
            }

            @Override
            public boolean isScheduled(String key) {
                return work.containsKey(key);
            }

            @Override
            public void cancel(String key) {
                work.remove(key);
            }
        };
    }

    @Override
    public long milliseconds() {
        return nowMs;
    }

    @Override
    public long nanoseconds() {
        return nowMs * 1_000_000;
    }

    @Override
    public void sleep(long ms) {
        throw new UnsupportedOperationException("nobody sleeps here");
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
        throw new UnsupportedOperationException("nobody waits here");
    }
}
