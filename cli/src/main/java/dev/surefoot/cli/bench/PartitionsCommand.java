package dev.surefoot.cli.bench;

import dev.surefoot.bench.partitions.PartitionsBench;
import dev.surefoot.bench.partitions.PartitionsCost;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code surefoot bench partitions}. */
@Command(
        name = "partitions",
        description = {
            "Measure what a fetch costs by the number of partitions in the session.",
            "",
            "A few partitions change between one fetch and the next. Surefoot's whole loop is turned with a scripted"
                    + " broker that answers from memory; for comparison, the fetch session handler of kafka-clients,"
                    + " used as KafkaConsumer uses it. Either the same partitions change each time, or others each"
                    + " time until all have changed, so that their state is not in the processor's caches.",
            "",
            "Times are medians. Nothing is sent over a network, and no broker is needed."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot bench partitions",
            "  surefoot bench partitions --partitions 100,100000 --seconds 5",
            "  surefoot bench partitions --json"
        })
public final class PartitionsCommand implements Callable<Integer> {
    /** More partitions come near the protocol's own limit: a request may have 100 MB. */
    private static final int PARTITIONS_MOST = 1_000_000;

    private static final double NANOS_OF_A_SECOND = 1e9;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            split = ",",
            defaultValue = "10,100,1000,10000,100000",
            description = "How many partitions the session has (default: ${DEFAULT-VALUE}).")
    private List<Integer> partitions = List.of();

    @Option(
            names = "--changed",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of them change between one fetch and the next (default: ${DEFAULT-VALUE}).")
    private int changed;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2",
            description = "How long each measurement takes, after as long to warm up (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--json",
            description = "Print one line of JSON for each measurement on standard output, instead of tables.")
    private boolean json;

    private final Console console;
    private final Termination termination;

    /** Makes a command that writes to {@code console} and stops when {@code termination} asks. */
    public PartitionsCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        checkOptions();
        long nanos = (long) (seconds * NANOS_OF_A_SECOND);
        PartitionsReport report =
                new PartitionsReport(measure(new PartitionsBench(nanos, nanos, termination::isAsked)));
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        if (json) {
            report.json().forEach(out::println);
        } else {
            out.println(report.table());
            out.println();
            out.println(report.upkeep());
        }
        return termination.isAsked() ? 1 : 0;
    }

    private void checkOptions() {
        if (changed < 1) {
            throw CommandFailure.wrongUsage("--changed must be at least 1");
        }
        for (int each : partitions) {
            if (each < changed || each > PARTITIONS_MOST) {
                throw CommandFailure.wrongUsage(
                        "--partitions must be " + changed + " (see --changed) to " + PARTITIONS_MOST + ", not " + each);
            }
        }
        if (!(seconds > 0)) {
            throw CommandFailure.wrongUsage("--seconds must be above 0");
        }
    }

    private List<PartitionsCost> measure(PartitionsBench bench) {
        List<Supplier<PartitionsCost>> measurements = new ArrayList<>();
        for (int each : partitions) {
            for (boolean scattered : List.of(false, true)) {
                measurements.add(() -> bench.surefoot(each, changed, scattered));
                measurements.add(() -> bench.kafkaClients(each, changed, scattered));
            }
        }
        List<PartitionsCost> costs = new ArrayList<>();
        try (Progress progress = Progress.start(console, "measurements", measurements.size())) {
            bench.warmUp();
            for (Supplier<PartitionsCost> measurement : measurements) {
                if (termination.isAsked()) {
                    break;
                }
                costs.add(measurement.get());
                progress.reached(costs.size());
            }
        }
        return costs;
    }
}
