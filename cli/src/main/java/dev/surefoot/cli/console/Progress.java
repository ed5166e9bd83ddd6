package dev.surefoot.cli.console;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a long task has come, on standard error. */
public sealed interface Progress extends AutoCloseable {

    /** Tells that {@code done} of the task's steps are done. */
    void reached(long done);

    @Override
    void close();

    /** Starts to show a task of {@code total} steps: a bar on a terminal, a few lines anywhere else. */
    static Progress start(Console console, String task, long total) {
        return console.isTerminal() ? new Bar(console, task, total) : new Lines(console.err(), task, total);
    }

    /** A bar that redraws itself. */
    final class Bar implements Progress {

        private final ProgressBar bar;

        private Bar(Console console, String task, long total) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(new ConsoleProgressBarConsumer(console.err(), console.columns() - 1))
                    .build();
        }

        @Override
        public void reached(long done) {
            bar.stepTo(done);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** One line for each quarter of the task. */
    final class Lines implements Progress {

        private static final int LINES = 4;

        private final PrintStream err;
        private final String task;
        private final long total;
        private long printed;

        private Lines(PrintStream err, String task, long total) {
            this.err = err;
            this.task = task;
            this.total = total;
        }

        @Override
        public void reached(long done) {
            long quarters = total == 0 ? LINES : done * LINES / total;
            if (quarters > printed) {
                printed = quarters;
                err.printf(Locale.ROOT, "%s: %,d of %,d%n", task, done, total);
            }
        }

        @Override
        public void close() {}
    }
}
