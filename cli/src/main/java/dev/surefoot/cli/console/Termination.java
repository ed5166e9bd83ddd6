package dev.surefoot.cli.console;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: the running command is asked to stop, and its exit code becomes that of
 * the process. Safe from any thread.
 *
 * <p>The JVM alone would end with code 130 while the command is still closing its connections.
 */
public final class Termination {

    /** The longest time in which a command must stop. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int exitCode;

    private boolean asked;
    private Runnable stop = () -> {};
    private int lateCode = 1;

    /** Makes a termination that only {@link #ask()} triggers. */
    public Termination() {}

    /** Makes a termination that the shutdown of the JVM triggers. */
    public static Termination onShutdown() {
        Termination termination = new Termination();
        Runtime.getRuntime().addShutdownHook(new Thread(termination::endOrderly, "surefoot-termination"));
        return termination;
    }

    /**
     * Sets how the running command is stopped, from another thread; replaces an earlier action. If the end was already
     * asked for, {@code action} runs at once.
     */
    public synchronized void toStop(Runnable action) {
        stop = action;
        if (asked) {
            action.run();
        }
    }

    /** Sets the exit code of a command that does not stop in time; 1 if this is not called. */
    public synchronized void ifLate(int code) {
        lateCode = code;
    }

    /** Asks the running command to stop. */
    public synchronized void ask() {
        asked = true;
        stop.run();
    }

    /** Returns whether the command was asked to stop. */
    public synchronized boolean isAsked() {
        return asked;
    }

    /** Ends the process with this code; does not return. */
    public void exit(int code) {
        exitCode = code;
        ended.countDown();
        // During a shutdown this call never returns, and the hook below ends the process.
        System.exit(code);
    }

    private synchronized int lateCode() {
        return lateCode;
    }

    private void endOrderly() {
        if (ended.getCount() == 0) {
            return;
        }
        ask();
        try {
            if (!ended.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)) {
                System.err.println("surefoot: did not stop within " + BOUND.toSeconds() + " s");
                Runtime.getRuntime().halt(lateCode());
            }
            Runtime.getRuntime().halt(exitCode);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
