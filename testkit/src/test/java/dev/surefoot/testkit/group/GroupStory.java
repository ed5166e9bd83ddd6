package dev.surefoot.testkit.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What happened to a group, in order, to be read when something is wrong. Safe from any thread. */
public final class GroupStory {
    private final long startNanos;
    private final List<String> lines = new ArrayList<>();

    /** @param startNanos the time, by {@code System.nanoTime}, that all other times are counted from */
    public GroupStory(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Milliseconds since the start. */
    public long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    public synchronized void tell(String who, String what) {
        lines.add(String.format(Locale.ROOT, "%8.3f s  %-14s %s", nowMs() / 1_000.0, who, what));
    }

    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
