package dev.surefoot.cli.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.surefoot.testkit.simulation.search.SearchReport;
import dev.surefoot.testkit.simulation.search.SearchReport.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The result of an exhaustive search: tables for people, JSON for machines. */
record SearchSummary(SearchReport report) {

    /** Returns whether everything was tried and nothing was found. */
    boolean holds() {
        return report.exhausted() && report.violation() == null;
    }

    /** Returns how much was searched, and how long it took. */
    String figures() {
        List<Figure> figures = List.of(
                new Figure("states", Figure.number(report.states())),
                new Figure("transitions", Figure.number(report.transitions())),
                new Figure("depth", Figure.number(report.depth())),
                new Figure("everything tried", report.exhausted() ? "yes" : "no"),
                new Figure("most exchanges to recover", Figure.number(report.longestRecovery())),
                new Figure("seconds", String.format(Locale.ROOT, "%.1f", report.seconds())));
        return Figure.table(figures);
    }

    /** Returns what was found, with the path to it. */
    List<String> findings() {
        Violation violation = report.violation();
        if (violation == null) {
            return List.of(
                    report.exhausted()
                            ? "No order of events breaks an invariant, and none leads where there is no way on."
                            : "Nothing was found in what was tried.");
        }
        List<String> lines = new ArrayList<>();
        lines.add("Found: " + violation.detail());
        lines.add("One of the shortest ways there:");
        lines.addAll(violation.story());
        return lines;
    }

    /** Returns the one line of {@code --json}. */
    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance
                .objectNode()
                .put("states", report.states())
                .put("transitions", report.transitions())
                .put("depth", report.depth())
                .put("exhausted", report.exhausted())
                .put("longestRecovery", report.longestRecovery())
                .put("seconds", Math.round(report.seconds() * 1e3) / 1e3);
        Violation violation = report.violation();
        if (violation == null) {
            return root.putNull("violation");
        }
        ObjectNode found = root.putObject("violation")
                .put("invariant", violation.invariant())
                .put("detail", violation.detail());
        ArrayNode path = found.putArray("path");
        violation.path().forEach(step -> path.add(step.name()));
        return root;
    }
}
