package dev.surefoot.cli.bench;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Termination;

/** A measurement that can be asked to stop. */
final class Measurement {
    private Measurement() {}

    /** Measures. Broker and workers end with the process, and whatever is under way then fails in its own way. */
    static void run(Termination termination, Runnable measuring) {
        try {
            measuring.run();
        } catch (RuntimeException | LinkageError e) {
            if (termination.isAsked()) {
                throw CommandFailure.atRunTime("stopped before the end", e);
            }
            throw e;
        }
    }

    /** Has a measurement stopped, which the calling thread waits for, when the command is asked to end. */
    static void stopOn(Termination termination, Runnable stop) {
        Thread waiting = Thread.currentThread();
        termination.toStop(() -> {
            stop.run();
            waiting.interrupt();
        });
    }
}
