package dev.surefoot.cli.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The results of the exhibits: a table for people, JSON for machines.
 *
 * @param rounds how often each was tried
 */
record MuseumReport(int rounds, List<ExhibitResult> results) {

    private static final int LONGEST_LINK = 200;

    /** Returns whether each exhibit was caught every time, and for the right reason. */
    boolean holds() {
        return results.stream().allMatch(ExhibitResult::isNamedRightly);
    }

    /** Returns one row for each exhibit. */
    String table() {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        results,
                        List.of(
                                column("id").with(row -> row.exhibit().id()),
                                column("what is wrong with it")
                                        .with(row -> row.exhibit().title()),
                                column("caught by").with(row -> Objects.requireNonNullElse(row.named(), "-")),
                                column("expected").with(row -> row.exhibit().invariant()),
                                column(rounds == 1 ? "schedules" : "mean schedules")
                                        .dataAlign(HorizontalAlign.RIGHT)
                                        .with(this::schedules),
                                column("source").with(row -> row.exhibit().source())))
                .asString();
    }

    /** Returns the one line of {@code --json}. */
    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode exhibits = root.putArray("exhibits");
        for (ExhibitResult each : results) {
            exhibits.addObject()
                    .put("id", each.exhibit().id())
                    .put("caught", each.isCaught())
                    .put("schedules", Math.round(each.meanSchedules()))
                    .put("invariant", each.named());
        }
        return root;
    }

    private String schedules(ExhibitResult result) {
        return String.format(Locale.ROOT, rounds == 1 ? "%.0f" : "%.1f", result.meanSchedules());
    }

    private static Column column(String header) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .maxWidth(LONGEST_LINK, OverflowBehaviour.NEWLINE);
    }
}
