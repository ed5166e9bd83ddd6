package dev.surefoot.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.bench.memory.ScarceFigures;
import dev.surefoot.bench.memory.ScarceResult;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reports consumers with little memory: a table for people, JSON for machines. */
final class ScarceReport {
    private ScarceReport() {}

    /** Returns one row for each trial. */
    static String table(List<ScarceResult> results) {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        results,
                        List.of(
                                left("JVM", row -> row.in().toString()),
                                left("client", row -> row.client().label()),
                                right(
                                        "finished",
                                        row -> row.figures().finished() + " of "
                                                + row.in().consumers()),
                                right(
                                        "seconds",
                                        row -> number("%,.1f", row.figures().seconds())),
                                right(
                                        "MB/s each",
                                        row -> number("%,.1f", row.figures().meanMbPerSecond())),
                                right("slowest of mean", row -> number("%.0f %%", 100 * slowest(row.figures()))),
                                right("peak of direct limit", row -> number("%.0f %%", 100 * peak(row))),
                                left("first failure", row -> row.figures().unfinished())))
                .asString();
    }

    private static ColumnData<ScarceResult> left(String header, Function<ScarceResult, String> cell) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(cell);
    }

    private static ColumnData<ScarceResult> right(String header, Function<ScarceResult, String> cell) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT).with(cell);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static double slowest(ScarceFigures figures) {
        return figures.meanMbPerSecond() == 0 ? 0 : figures.leastMbPerSecond() / figures.meanMbPerSecond();
    }

    private static double peak(ScarceResult row) {
        return (double) row.figures().peakDirectBytes() / row.in().directLimitBytes();
    }

    /** Returns one trial, as one line of {@code --json}. */
    static ObjectNode json(ScarceResult result) {
        ScarceFigures figures = result.figures();
        return JsonNodeFactory.instance
                .objectNode()
                .put("jvm", result.in().toString())
                .put("client", result.client().label())
                .put("round", result.round())
                .put("consumers", result.in().consumers())
                .put("finished", figures.finished())
                .put("seconds", Math.round(figures.seconds() * 100) / 100.0)
                .put("meanMbPerSecond", Math.round(figures.meanMbPerSecond() * 10) / 10.0)
                .put("leastMbPerSecond", Math.round(figures.leastMbPerSecond() * 10) / 10.0)
                .put("peakDirectBytes", figures.peakDirectBytes())
                .put("directLimitBytes", result.in().directLimitBytes())
                .put("failure", figures.unfinished());
    }
}
