package dev.surefoot.runtime;

import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.engine.Question;
import dev.surefoot.net.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Lets the application's thread wait until a result is there, the timeout is over, another thread wakes it, or it is
 * interrupted. All methods but {@link #wakeup} belong to the application's thread.
 */
final class Waiting {
    /** For how long nothing must have happened before upkeep is done. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Upkeep NO_UPKEEP = new Upkeep() {
        @Override
        public boolean isDue() {
            return false;
        }

        @Override
        public void doSome() {}
    };

    private final Clock clock;
    private final Handover handover;
    private final Loop loop;
    private final Threads.LoopOwner owner;
    private final LoopWatch watch;
    private volatile boolean wakeup;
    private boolean ignoresWakeup;

    /** Work that may wait until the application's thread has nothing else to do. */
    interface Upkeep {
        boolean isDue();

        /** Does a part of it, of some milliseconds. */
        void doSome();
    }

    Waiting(Clock clock, Handover handover, Loop loop, Threads.LoopOwner owner, LoopWatch watch) {
        this.clock = clock;
        this.handover = handover;
        this.loop = loop;
        this.owner = owner;
        this.watch = watch;
    }

    /**
     * Ends the wait under way, or if there is none the next one, with a {@link WakeupException}. Safe from any thread.
     */
    void wakeup() {
        wakeup = true;
        handover.signal();
    }

    /** The consumer closes: what it waits for thereafter, also within a listener, ends by itself or by its timeout. */
    void ignoreWakeup() {
        ignoresWakeup = true;
    }

    /**
     * Repeats the attempt until it has a result.
     *
     * @return the result, or null after the timeout
     * @throws WakeupException if {@link #wakeup} was called, unless that is ignored
     * @throws InterruptException if the thread is interrupted, which it stays
     * @throws KafkaException if the loop has ended by an error
     */
    <T> @Nullable T until(Duration timeout, Supplier<@Nullable T> attempt) {
        return until(timeout, attempt, NO_UPKEEP);
    }

    /** Does the same, and does upkeep that is due in parts while there is nothing to attempt. */
    <T> @Nullable T until(Duration timeout, Supplier<@Nullable T> attempt, Upkeep upkeep) {
        long start = clock.nanos();
        long patience = nanos(timeout);
        long quietSince = start;
        boolean signalled = true;
        watch.look(start);
        while (true) {
            throwIfDisturbed();
            T found = attempt.get();
            if (found != null) {
                return found;
            }
            long now = clock.nanos();
            watch.look(now);
            long left = patience - (now - start);
            if (left <= 0) {
                return null;
            }
            long untilLook = Math.min(left, LoopWatch.EVERY_NANOS);
            quietSince = signalled ? now : quietSince;
            long untilQuiet = QUIET_NANOS - (now - quietSince);
            if (!upkeep.isDue()) {
                signalled = handover.await(untilLook);
            } else if (untilQuiet > 0) {
                signalled = handover.await(Math.min(untilLook, untilQuiet));
            } else {
                upkeep.doSome();
                signalled = handover.await(0);
            }
        }
    }

    /**
     * Repeats the attempt until it has a result, whether the application is woken or interrupted meanwhile: both are
     * kept for its next wait.
     *
     * @return the result, or null after the timeout, or when the loop has ended by an error
     */
    <T> @Nullable T undisturbed(long timeoutNanos, Supplier<@Nullable T> attempt) {
        long start = clock.nanos();
        boolean interrupted = false;
        try {
            while (true) {
                T found = attempt.get();
                long left = timeoutNanos - (clock.nanos() - start);
                if (found != null || left <= 0 || owner.death() != null) {
                    return found;
                }
                handover.await(left);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void throwIfDisturbed() {
        if (wakeup && !ignoresWakeup) {
            wakeup = false;
            throw new WakeupException();
        }
        if (Thread.interrupted()) {
            throw new InterruptException("The consumer's thread was interrupted", new InterruptedException());
        }
        KafkaException death = owner.death();
        if (death != null) {
            throw death;
        }
    }

    /**
     * Sends a query to the cluster and waits for the answer.
     *
     * @param what names the query in the message of a timeout
     */
    EngineEvent ask(LongFunction<Question> question, Duration timeout, String what) {
        return askBy(id -> (engine, nowNanos) -> engine.ask(question.apply(id)), timeout, what);
    }

    /** Does the same with a question that a command asks. */
    EngineEvent askBy(LongFunction<Command> question, Duration timeout, String what) {
        return answered(loop.askBy(question), timeout, what, pending -> {
            KafkaException refused = handover.takeRefusedCredentials();
            if (refused != null) {
                throw refused;
            }
            return answerTo(pending);
        });
    }

    /**
     * Repeats the attempt until it has a result, while the question is under way.
     *
     * @param attempt returns the result or null; it may look at the answer to the question
     * @throws TimeoutException with the reasons that the loop knows
     */
    <T> T explained(
            LongFunction<Question> question,
            Duration timeout,
            String what,
            Function<Loop.PendingQuestion, @Nullable T> attempt) {
        return answered(loop.ask(question), timeout, what, attempt);
    }

    private <T> T answered(
            Loop.PendingQuestion pending,
            Duration timeout,
            String what,
            Function<Loop.PendingQuestion, @Nullable T> attempt) {
        try {
            T found = until(timeout, () -> attempt.apply(pending));
            if (found == null) {
                throw TimeoutMessage.exception(
                        timeout, what, pending.unanswered().get());
            }
            return found;
        } catch (CompletionException e) {
            throw new KafkaException("Asking for " + what + " failed", e.getCause());
        } finally {
            if (!pending.answer().isDone()) {
                loop.cancel(pending);
            }
        }
    }

    /**
     * Returns the answer to a question, or null while there is none.
     *
     * @throws KafkaException if the question has failed
     */
    static @Nullable EngineEvent answerTo(Loop.PendingQuestion pending) {
        if (!pending.answer().isDone()) {
            return null;
        }
        EngineEvent event = pending.answer().join();
        if (event instanceof EngineEvent.QuestionFailed failed) {
            throw failed.cause();
        }
        return event;
    }

    /** Returns the duration in nanoseconds, or {@link Long#MAX_VALUE} if it is longer than that. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
