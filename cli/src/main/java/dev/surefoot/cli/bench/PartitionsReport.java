package dev.surefoot.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.bench.partitions.PartitionsCost;
import dev.surefoot.bench.partitions.PartitionsCost.Upkeep;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Reports the cost of fetches by the number of partitions: tables for people, JSON for machines. */
record PartitionsReport(List<PartitionsCost> costs) {

    /** Returns one row for each measurement. */
    String table() {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        costs,
                        List.of(
                                new Column().header("partitions").with(cost -> number(cost.partitions())),
                                words("changed").with(PartitionsReport::changed),
                                words("client").with(PartitionsCost::client),
                                new Column().header("plan us").with(cost -> decimal(cost.planMicros())),
                                new Column().header("handle us").with(cost -> decimal(cost.handleMicros())),
                                new Column().header("request B").with(cost -> number(cost.requestBytes())),
                                new Column().header("response B").with(cost -> number(cost.responseBytes())),
                                new Column().header("allocated B").with(cost -> number(cost.allocatedBytes()))))
                .asString();
    }

    private static Column words(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.LEFT).dataAlign(HorizontalAlign.LEFT);
    }

    private static String changed(PartitionsCost cost) {
        return cost.changed() + (cost.scattered() ? ", others each time" : ", always the same");
    }

    /** Returns a table of the costs that do not occur with every fetch. */
    String upkeep() {
        List<PartitionsCost> rows =
                costs.stream().filter(cost -> cost.upkeep() != null).toList();
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        rows,
                        List.of(
                                new Column().header("partitions").with(cost -> number(cost.partitions())),
                                words("changed").with(PartitionsReport::changed),
                                upkeep("poll us", Upkeep::deliverMicros),
                                upkeep("set-up ms", Upkeep::setUpMillis),
                                upkeep("metadata ms", Upkeep::metadataMillis),
                                upkeep("audit of one us", Upkeep::auditMicros)))
                .asString();
    }

    private static ColumnData<PartitionsCost> upkeep(String header, ToDoubleFunction<Upkeep> figure) {
        return new Column()
                .header(header)
                .with(cost -> Stream.ofNullable(cost.upkeep())
                        .map(upkeep -> decimal(figure.applyAsDouble(upkeep)))
                        .findAny()
                        .orElse("-"));
    }

    /** Returns the lines of {@code --json}. */
    List<ObjectNode> json() {
        return costs.stream().map(PartitionsReport::json).toList();
    }

    private static ObjectNode json(PartitionsCost cost) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("partitions", cost.partitions())
                .put("changed", cost.changed())
                .put("scattered", cost.scattered())
                .put("client", cost.client())
                .put("planMicros", rounded(cost.planMicros()))
                .put("handleMicros", rounded(cost.handleMicros()))
                .put("requestBytes", cost.requestBytes())
                .put("responseBytes", cost.responseBytes())
                .put("allocatedBytes", cost.allocatedBytes());
        Upkeep upkeep = cost.upkeep();
        if (upkeep != null) {
            line.put("pollMicros", rounded(upkeep.deliverMicros()))
                    .put("setUpMillis", rounded(upkeep.setUpMillis()))
                    .put("metadataMillis", rounded(upkeep.metadataMillis()))
                    .put("auditMicrosPerPartition", rounded(upkeep.auditMicros()));
        }
        return line;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }
}
