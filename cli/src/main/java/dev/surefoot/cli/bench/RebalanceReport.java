package dev.surefoot.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.bench.rebalance.RebalanceFigures;
import dev.surefoot.bench.rebalance.RebalanceResult;
import dev.surefoot.bench.rebalance.RebalanceSummary;
import dev.surefoot.bench.rebalance.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Reports what changes of a group cost: a table for people, JSON for machines. */
final class RebalanceReport {
    private static final String NOT_MEASURED = "-";

    private RebalanceReport() {}

    /** Returns the medians over the rounds, one row for each size of the group, protocol and change. */
    static String table(List<RebalanceSummary> summaries) {
        List<ColumnData<RebalanceSummary>> columns = new ArrayList<>();
        columns.add(right("members", row -> Integer.toString(row.members())));
        columns.add(left("protocol", row -> row.kind().label()));
        columns.add(left("change", row -> row.change().label()));
        columns.add(right("rounds", row -> Long.toString(row.rounds())));
        addOfEach(columns, "flowing again ms", "%,.0f", RebalanceFigures::flowingAgainMillis);
        columns.add(right("ratio", RebalanceReport::ratio));
        addOfEach(columns, "assigned", "%,.0f", RebalanceFigures::assigned);
        addOfEach(columns, "kept", "%,.0f", RebalanceFigures::kept);
        addOfEach(columns, "kept delivered", "%,.0f", RebalanceFigures::keptRecords);
        addOfEach(columns, "of written", "%.2f", RebalanceFigures::keptPart);
        addOfEach(columns, "kept pause ms", "%,.0f", RebalanceFigures::keptPauseMillis);
        addOfEach(columns, "usual pause ms", "%,.0f", RebalanceFigures::usualPauseMillis);
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(summaries, columns)
                .asString();
    }

    private static void addOfEach(
            List<ColumnData<RebalanceSummary>> columns,
            String header,
            String format,
            ToDoubleFunction<RebalanceFigures> figure) {
        for (Subject subject : Subject.values()) {
            columns.add(right(
                    header + "\n" + subject.label(),
                    row -> row.median(subject, figure)
                            .map(value -> String.format(Locale.ROOT, format, value))
                            .orElse(NOT_MEASURED)));
        }
    }

    private static String ratio(RebalanceSummary row) {
        Optional<Double> ours = row.median(Subject.SUREFOOT, RebalanceFigures::flowingAgainMillis);
        Optional<Double> theirs = row.median(Subject.KAFKA, RebalanceFigures::flowingAgainMillis);
        return ours.flatMap(mine -> theirs.map(other -> String.format(Locale.ROOT, "%.2f", mine / other)))
                .orElse(NOT_MEASURED);
    }

    private static ColumnData<RebalanceSummary> left(String header, Function<RebalanceSummary, String> cell) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(cell);
    }

    private static ColumnData<RebalanceSummary> right(String header, Function<RebalanceSummary, String> cell) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT).with(cell);
    }

    /** Returns one change, as one line of {@code --json}. */
    static ObjectNode json(RebalanceResult result) {
        RebalanceFigures figures = result.figures();
        return JsonNodeFactory.instance
                .objectNode()
                .put("client", result.subject().label())
                .put("protocol", result.kind().label())
                .put("members", result.members())
                .put("change", figures.change().label())
                .put("round", result.round())
                .put("flowingAgainMillis", figures.flowingAgainMillis())
                .put("assigned", figures.assigned())
                .put("kept", figures.kept())
                .put("keptRecords", figures.keptRecords())
                .put("keptPart", figures.keptPart())
                .put("keptPauseMillis", figures.keptPauseMillis())
                .put("usualPauseMillis", figures.usualPauseMillis());
    }
}
