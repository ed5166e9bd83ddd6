package dev.surefoot.cli.consume;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.cli.console.Console;
import java.io.Closeable;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows on standard error how far a consumer is, and why not further, until it is closed: on a terminal in lines that
 * are drawn anew twice a second, anywhere else a line for each change.
 */
final class ProgressDisplay implements Closeable {
    private static final long DRAW_MS = 500;

    /** Moves the cursor up, and clears from there to the end of the screen. */
    private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";

    private final PrintStream err;
    private final SurefootConsumer<?, ?> consumer;
    private final ProgressLines lines;
    private final ScheduledExecutorService drawing = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "surefoot-progress");
        thread.setDaemon(true);
        return thread;
    });
    private int drawn;

    private ProgressDisplay(Console console, SurefootConsumer<?, ?> consumer) {
        this.err = console.err();
        this.consumer = consumer;
        this.lines = new ProgressLines(console.columns());
    }

    /** @param json whether a change is one JSON object a line */
    @SuppressWarnings("FutureReturnValueIgnored") // it is drawn until this is closed
    static Closeable start(Console console, SurefootConsumer<?, ?> consumer, boolean json) {
        if (!console.isTerminal() || json) {
            consumer.addProgressListener(new ProgressChanges(console.err(), json));
            return () -> {};
        }
        ProgressDisplay display = new ProgressDisplay(console, consumer);
        display.drawing.scheduleAtFixedRate(display::draw, DRAW_MS, DRAW_MS, TimeUnit.MILLISECONDS);
        return display;
    }

    /** In one write, so that lines of others come before or behind it. */
    private synchronized void draw() {
        List<String> now = lines.of(consumer.progress());
        StringBuilder screen = new StringBuilder();
        if (drawn > 0) {
            screen.append(UP_AND_CLEAR.formatted(drawn));
        }
        now.forEach(line -> screen.append(line).append('\n'));
        err.print(screen);
        err.flush();
        drawn = now.size();
    }

    /** Draws for the last time. */
    @Override
    public void close() {
        drawing.shutdownNow();
        draw();
    }
}
