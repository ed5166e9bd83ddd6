package dev.surefoot.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The events of a run, line by line. Lines are made only if the story is requested. */
public final class Story {
    private final VirtualTime time;
    private final boolean told;
    private final List<String> lines = new ArrayList<>();

    /** @param told whether the story is requested */
    public Story(VirtualTime time, boolean told) {
        this.time = time;
        this.told = told;
    }

    /** Adds a line, which is made only if the story is requested. */
    public void tell(Supplier<String> line) {
        if (told) {
            lines.add(String.format(Locale.ROOT, "%10.3f ms  %s", time.nanos() / 1e6, line.get()));
        }
    }

    /** Returns the lines so far. */
    public List<String> lines() {
        return lines;
    }
}
