package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The report of a failing run: its shrunk schedule, and its story from the beginning to the step that broke a property.
 */
public final class FailureReport {
    private static final Pattern IDLE_REQUEST =
            Pattern.compile("INCREMENTAL fetch \\(.*\\) lists \\{}, at most \\d+ bytes$");
    private static final Pattern IDLE_ANSWER = Pattern.compile("answer \\(S=\\d+\\) \\{}$");

    private final Schedule original;
    private final Outcome shrunk;

    private FailureReport(Schedule original, Outcome shrunk) {
        this.original = original;
        this.shrunk = shrunk;
    }

    /** Shrinks a run that has failed, and runs it once more to write it down. */
    public static FailureReport of(Outcome failed, Seams subject) {
        Violation violation = Objects.requireNonNull(failed.violation(), "a run that has not failed");
        Schedule smaller = Shrinker.shrink(failed.schedule(), subject, violation.property());
        return new FailureReport(failed.schedule(), Simulation.run(smaller, subject, true));
    }

    /** Returns the smaller schedule that breaks the same property. */
    public Schedule schedule() {
        return shrunk.schedule();
    }

    /** Returns the broken property. */
    public Violation violation() {
        return Objects.requireNonNull(shrunk.violation(), "the same schedule gives the same run");
    }

    /** Returns the whole report, line by line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Seed " + original.seed() + " breaks " + violation().getMessage());
        lines.add("Shrunk from " + original.events().size() + " events to "
                + schedule().events().size() + ", in this world:");
        lines.add("  " + schedule().shape());
        for (Event event : schedule().events()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %10.3f ms  %s (broker %d, partition %d, amount %d%s)",
                    event.atMicros() / 1e3,
                    event.act(),
                    event.broker(),
                    event.partition(),
                    event.amount(),
                    event.act().kind() == Act.Kind.MEMBER ? ", member " + event.member() : ""));
        }
        lines.add("What happened; the last step is the first at which the two sides do not fit:");
        lines.addAll(withoutIdling(shrunk.story()));
        return lines;
    }

    /** Replaces exchanges without content in either direction by their number. */
    private static List<String> withoutIdling(List<String> story) {
        List<String> shorter = new ArrayList<>();
        int idle = 0;
        for (int i = 0; i < story.size(); i++) {
            boolean saysNothing = i + 1 < story.size()
                    && IDLE_REQUEST.matcher(story.get(i)).find()
                    && IDLE_ANSWER.matcher(story.get(i + 1)).find();
            if (saysNothing) {
                idle++;
                i++;
            } else {
                if (idle > 0) {
                    shorter.add(" ".repeat(15) + "(" + idle + " exchanges with nothing new)");
                    idle = 0;
                }
                shorter.add(story.get(i));
            }
        }
        return shorter;
    }
}
