package dev.surefoot.cli.console;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a long task, and its speed, on standard error. Safe from any thread. */
public sealed interface Progress extends AutoCloseable {

    /** Reports that {@code done} of the task's steps are done. */
    void reached(long done);

    /** Shows this text beside the figures from now on, if there is room for it. */
    void remark(String words);

    @Override
    void close();

    /** Starts to show a task of {@code total} steps: a bar on a terminal, a few lines anywhere else. */
    static Progress start(Console console, String task, long total) {
        return console.isTerminal() ? new Bar(console, task, total) : new Lines(console.err(), task, total);
    }

    /** Starts to show a task of an unknown number of steps: a count on a terminal, nothing anywhere else. */
    static Progress startOfUnknownLength(Console console, String task) {
        return start(console, task, Bar.UNKNOWN);
    }

    /** A bar that redraws itself. */
    final class Bar implements Progress {

        private static final long UNKNOWN = -1;

        private final ProgressBar bar;

        private Bar(Console console, String task, long total) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(100)
                    .showSpeed(new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                    .setConsumer(new ConsoleProgressBarConsumer(console.err(), console.columns() - 1))
                    .build();
        }

        @Override
        public void reached(long done) {
            bar.stepTo(done);
        }

        @Override
        public void remark(String words) {
            bar.setExtraMessage(" " + words);
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
        private final long startNanos = System.nanoTime();
        private long printed;
        private String remark = "";

        private Lines(PrintStream err, String task, long total) {
            this.err = err;
            this.task = task;
            this.total = total;
        }

        @Override
        public synchronized void reached(long done) {
            if (total == Bar.UNKNOWN) {
                return;
            }
            long quarters = total == 0 ? LINES : done * LINES / total;
            if (quarters > printed) {
                printed = quarters;
                double seconds = (System.nanoTime() - startNanos) / 1e9;
                err.printf(Locale.ROOT, "%s: %,d of %,d (%,.0f/s)%s%n", task, done, total, done / seconds, remark);
            }
        }

        @Override
        public synchronized void remark(String words) {
            remark = ", " + words;
        }

        @Override
        public void close() {}
    }
}
