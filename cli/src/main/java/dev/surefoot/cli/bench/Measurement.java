package dev.surefoot.cli.bench;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Termination;

/** Runs a measurement that Ctrl-C can stop. */
final class Measurement {
    private Measurement() {}

    /**
     * Runs a measurement. Broker and workers end with the process; a measurement under way then fails with errors of
     * its own, which are not reported.
     */
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

    /** Makes {@code termination} stop a measurement for which the calling thread waits. */
    static void stopOn(Termination termination, Runnable stop) {
        Thread waiting = Thread.currentThread();
        termination.toStop(() -> {
            stop.run();
            waiting.interrupt();
        });
    }
}
