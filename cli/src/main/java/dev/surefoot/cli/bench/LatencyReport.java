package dev.surefoot.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.bench.latency.LatencyFigures;
import dev.surefoot.bench.latency.LatencyResult;
import dev.surefoot.bench.latency.LatencySummary;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Reports latencies: a table for people, JSON for machines. */
final class LatencyReport {
    private LatencyReport() {}

    /** Returns the medians over the rounds, one row for each rate and consumer. */
    static String table(List<LatencySummary> summaries) {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        summaries,
                        List.of(
                                right("records/s").with(row -> String.format(Locale.ROOT, "%,d", row.ratePerSecond())),
                                new Column()
                                        .header("consumer")
                                        .headerAlign(HorizontalAlign.LEFT)
                                        .dataAlign(HorizontalAlign.LEFT)
                                        .with(row -> row.consumer().label()),
                                right("rounds").with(row -> Integer.toString(row.rounds())),
                                micros("p50 µs", LatencyFigures::p50Micros),
                                micros("p99 µs", LatencyFigures::p99Micros),
                                micros("p99.9 µs", LatencyFigures::p999Micros),
                                micros("max µs", LatencyFigures::maxMicros),
                                micros("CPU µs each", LatencyFigures::cpuMicrosPerRecord)))
                .asString();
    }

    private static Column right(String header) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT);
    }

    private static com.github.freva.asciitable.ColumnData<LatencySummary> micros(
            String header, ToDoubleFunction<LatencyFigures> figure) {
        return right(header).with(row -> String.format(Locale.ROOT, "%,.0f", figure.applyAsDouble(row.medians())));
    }

    /** Returns one round, as one line of {@code --json}. */
    static ObjectNode json(LatencyResult result) {
        LatencyFigures figures = result.figures();
        return JsonNodeFactory.instance
                .objectNode()
                .put("rate", result.ratePerSecond())
                .put("client", result.consumer().label())
                .put("round", result.round())
                .put("records", figures.records())
                .put("p50Micros", figures.p50Micros())
                .put("p99Micros", figures.p99Micros())
                .put("p999Micros", figures.p999Micros())
                .put("maxMicros", figures.maxMicros())
                .put("cpuMicrosPerRecord", figures.cpuMicrosPerRecord());
    }
}
