package dev.surefoot.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The events of a run, line by line. Lines are made only if the story is requested. */
public final class Story {
    private final VirtualTime time;
    private final boolean told;
    private final List<String> lines;
    private final String teller;

    /** @param told whether the story is requested */
    public Story(VirtualTime time, boolean told) {
        this(time, told, new ArrayList<>(), "");
    }

    private Story(VirtualTime time, boolean told, List<String> lines, String teller) {
        this.time = time;
        this.told = told;
        this.lines = lines;
        this.teller = teller;
    }

    /** Returns this story as one of several consumers goes on telling it; its lines begin with the name. */
    public Story toldBy(String name) {
        return new Story(time, told, lines, name + ": ");
    }

    /** Adds a line, which is made only if the story is requested. */
    public void tell(Supplier<String> line) {
        if (told) {
            lines.add(String.format(Locale.ROOT, "%10.3f ms  %s%s", time.nanos() / 1e6, teller, line.get()));
        }
    }

    /** Returns the lines so far. */
    public List<String> lines() {
        return lines;
    }
}
