package dev.surefoot.cli.bench;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.bench.report.ClientSummary;
import dev.surefoot.bench.report.RoundFigures;
import dev.surefoot.bench.report.WorkloadSummary;
import dev.surefoot.bench.throughput.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The figures of one workload for people: the medians of the warm rounds, and the cold round by itself. */
final class ThroughputTable {
    private static final String NOT_MEASURED = "-";
    private static final List<Client> PEERS =
            List.of(Client.KAFKA_CLASSIC, Client.KAFKA_CONSUMER, Client.KAFKA_TUNED, Client.LIBRDKAFKA, Client.KCAT);

    private final WorkloadSummary summary;

    private ThroughputTable(WorkloadSummary summary) {
        this.summary = summary;
    }

    /** Returns the lines of one workload, with a line break at the end of each. */
    static String of(WorkloadSummary summary) {
        return new ThroughputTable(summary).text();
    }

    private String text() {
        int warmRounds = summary.clients().stream()
                .mapToInt(client -> client.warm().size())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        text.append(summary.workload())
                .append(", medians of ")
                .append(warmRounds)
                .append(warmRounds == 1 ? " warm round\n" : " warm rounds\n")
                .append(table(warmColumns()))
                .append('\n');
        if (summary.clients().stream().anyMatch(client -> client.cold().isPresent())) {
            text.append(summary.workload())
                    .append(", the cold round\n")
                    .append(table(coldColumns()))
                    .append('\n');
        }
        return text.toString();
    }

    private String table(List<ColumnData<ClientSummary>> columns) {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(summary.clients(), columns)
                .asString();
    }

    private List<ColumnData<ClientSummary>> warmColumns() {
        List<ColumnData<ClientSummary>> columns = new ArrayList<>();
        columns.add(
                new Column().header("client").dataAlign(HorizontalAlign.LEFT).with(ClientSummary::client));
        columns.add(column(
                "records/s",
                client -> client.median(RoundFigures::recordsPerSecond).map(ThroughputTable::whole)));
        columns.add(column("min..max M/s", ThroughputTable::spread));
        columns.add(column(
                "MB/s", client -> client.median(RoundFigures::mbPerSecond).map(ThroughputTable::whole)));
        for (Client peer : PEERS) {
            summary.client(peer.label())
                    .ifPresent(other -> columns.add(column(
                            "x " + peer.label(),
                            client -> client.timesAsFastAs(other).map(ratio -> format("%.2f", ratio)))));
        }
        summary.client(Client.WIRE.label())
                .ifPresent(wire -> columns.add(column(
                        "of wire", client -> client.timesAsFastAs(wire).map(ratio -> format("%.0f %%", ratio * 100)))));
        if (summary.clients().stream().anyMatch(client -> assigned(client).isPresent())) {
            columns.add(column(
                    "records/s from the first on",
                    client -> client.median(RoundFigures::recordsPerSecondFromFirst)
                            .map(ThroughputTable::whole)));
            columns.add(column(
                    "x assigned",
                    client -> assigned(client)
                            .flatMap(other -> client.ratioTo(other, RoundFigures::recordsPerSecondFromFirst))
                            .map(ratio -> format("%.3f", ratio))));
        }
        columns.add(column(
                "CPU s/GB",
                client -> client.median(RoundFigures::cpuSecondsPerGb).map(seconds -> format("%.2f", seconds))));
        columns.add(column(
                "B alloc/rec",
                client -> client.median(RoundFigures::allocatedBytesPerRecord).map(bytes -> format("%.1f", bytes))));
        columns.add(
                column("GC ms", client -> client.median(RoundFigures::gcMillis).map(ThroughputTable::whole)));
        columns.add(column(
                "peak MB",
                client -> client.median(RoundFigures::peakMemoryBytes).map(bytes -> whole(bytes / 1e6))));
        return columns;
    }

    /** Returns the figures of the same consumer with its partitions assigned, if this one is in a group. */
    private Optional<ClientSummary> assigned(ClientSummary client) {
        return Client.ofLabel(client.client())
                .flatMap(Client::assigned)
                .map(Client::label)
                .flatMap(summary::client);
    }

    private List<ColumnData<ClientSummary>> coldColumns() {
        return List.of(
                new Column().header("client").dataAlign(HorizontalAlign.LEFT).with(ClientSummary::client),
                column(
                        "first record ms",
                        client -> client.cold()
                                .map(RoundFigures::firstRecordMillis)
                                .map(millis -> format("%.0f", millis))),
                column(
                        "records in the first second",
                        client -> client.cold()
                                .map(RoundFigures::firstSecondRecords)
                                .map(records -> String.format(Locale.ROOT, "%,d", records))),
                cold("records/s", round -> whole(round.recordsPerSecond())),
                cold("MB/s", round -> whole(round.mbPerSecond())),
                cold("CPU s/GB", round -> format("%.2f", round.cpuSecondsPerGb())));
    }

    private static ColumnData<ClientSummary> cold(String header, Function<RoundFigures, String> cell) {
        return column(header, client -> client.cold().map(cell));
    }

    private static ColumnData<ClientSummary> column(String header, Function<ClientSummary, Optional<String>> cell) {
        return new Column()
                .header(header)
                .dataAlign(HorizontalAlign.RIGHT)
                .with(client -> cell.apply(client).orElse(NOT_MEASURED));
    }

    private static Optional<String> spread(ClientSummary client) {
        return client.spread(RoundFigures::recordsPerSecond)
                .map(spread -> format("%.2f..", spread.min() / 1e6) + format("%.2f", spread.max() / 1e6));
    }

    private static String whole(double value) {
        return format("%,.0f", value);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
