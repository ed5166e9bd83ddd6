package dev.surefoot.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for a condition instead of sleeping for a fixed time. The calling thread checks the condition repeatedly. */
public final class Await {

    private static final Duration STEP = Duration.ofMillis(5);

    private Await() {}

    /** The condition to wait for. An exception ends the wait. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Returns once the condition holds.
     *
     * @param what the condition in words, for the message
     * @param atMost the longest wait
     * @throws IllegalStateException if it does not hold within the given time, if the condition throws a checked
     *     exception, or if the thread is interrupted
     */
    public static void until(String what, Duration atMost, Condition condition) {
        value(what, atMost, () -> condition.holds() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Returns the first value that the source returns.
     *
     * @param what the value in words, for the message
     * @param atMost the longest wait
     * @throws IllegalStateException if there is none within the given time, if the source throws a checked exception,
     *     or if the thread is interrupted
     */
    public static <T> T value(String what, Duration atMost, Callable<Optional<T>> source) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Optional<T> value = ask(what, source);
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException("Waited " + atMost + " in vain for: " + what);
            }
            pause(what);
        }
    }

    private static <T> Optional<T> ask(String what, Callable<Optional<T>> source) {
        try {
            return source.call();
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Failed while waiting for: " + what, e);
        }
    }

    private static void pause(String what) {
        try {
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private static IllegalStateException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while waiting for: " + what, cause);
    }
}
