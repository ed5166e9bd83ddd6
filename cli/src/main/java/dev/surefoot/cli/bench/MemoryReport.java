package dev.surefoot.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.bench.memory.MemoryFigures;
import dev.surefoot.bench.memory.MemoryResult;
import dev.surefoot.bench.memory.MemorySummary;
import dev.surefoot.bench.memory.Pace;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reports the memory that was held and the throughput with it: a table for people, JSON for machines. */
final class MemoryReport {
    private static final double MIB = 1024 * 1024;

    private MemoryReport() {}

    /** Returns all rounds together, one row for each application and buffer. */
    static String table(List<MemorySummary> summaries) {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        summaries,
                        List.of(
                                new Column()
                                        .header("application")
                                        .headerAlign(HorizontalAlign.LEFT)
                                        .dataAlign(HorizontalAlign.LEFT)
                                        .with(row -> row.pace().label()),
                                right("buffer MiB", row -> mebibytes(row.bufferBytes(), "%,.0f")),
                                right("rounds", row -> Integer.toString(row.rounds())),
                                right("MB/s", row -> String.format(Locale.ROOT, "%,.0f", row.mbPerSecond())),
                                right("peak held MiB", row -> mebibytes(row.peakHeldBytes(), "%,.1f")),
                                right(
                                        "of the bound",
                                        row -> String.format(Locale.ROOT, "%.0f %%", 100 * row.heldPart())),
                                right("peak direct MiB", row -> mebibytes(row.peakDirectBytes(), "%,.1f")),
                                right("full speed after ms", MemoryReport::recovery)))
                .asString();
    }

    private static ColumnData<MemorySummary> right(String header, Function<MemorySummary, String> cell) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT).with(cell);
    }

    private static String mebibytes(long bytes, String format) {
        return String.format(Locale.ROOT, format, bytes / MIB);
    }

    private static String recovery(MemorySummary row) {
        return row.pace() == Pace.PHASES ? String.format(Locale.ROOT, "%.0f", row.recoveryMillis()) : "-";
    }

    /** Returns one trial, as one line of {@code --json}. */
    static ObjectNode json(MemoryResult result) {
        MemoryFigures figures = result.figures();
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("application", result.pace().label())
                .put("bufferBytes", result.bufferBytes())
                .put("round", result.round())
                .put("records", figures.records())
                .put("mbPerSecond", Math.round(figures.mbPerSecond() * 10) / 10.0)
                .put("peakHeldBytes", figures.peakHeldBytes())
                .put("peakDirectBytes", figures.peakDirectBytes())
                .put("samples", figures.samples());
        if (result.pace() == Pace.PHASES) {
            line.put("recoveryMillis", figures.recoveryMillis());
        }
        return line;
    }
}
