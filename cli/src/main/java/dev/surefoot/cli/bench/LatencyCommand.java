package dev.surefoot.cli.bench;

import dev.surefoot.bench.latency.LatencyBench;
import dev.surefoot.bench.latency.LatencyResult;
import dev.surefoot.bench.latency.LatencySummary;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code surefoot bench latency}. */
@Command(
        name = "latency",
        description = {
            "Measure how long a record takes from the producer to poll().",
            "",
            "Records are sent one at a time (acks=1, linger.ms=0) on a fixed schedule, and each latency"
                    + " is counted from the moment its record was due. Every consumer runs in a JVM of its own beside"
                    + " the same producer, in turn, in several rounds; those numbered 0 and below warm up and are not"
                    + " counted."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot bench latency",
            "  surefoot bench latency --rates 1000=10 --rounds 3 --json"
        })
public final class LatencyCommand implements Callable<Integer> {
    private static final int MOST_PER_SECOND = 1_000_000;
    private static final int MOST_SECONDS = 3_600;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "RATE=SECONDS",
            defaultValue = "10000=5,100=10",
            description =
                    "Records per second, and how many seconds each round lasts, in the order of measuring; the higher"
                            + " rate first gives a JVM the records to compile for (default: ${DEFAULT-VALUE}).")
    private Map<Integer, Integer> rates = new LinkedHashMap<>();

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds before those that are counted, numbered 0 and below (default: ${DEFAULT-VALUE}).")
    private int warmUps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            description = "Rounds to count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "1",
            description = "Partitions that the records go to in turn (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            defaultValue = "100",
            description = "Bytes of each value (default: ${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(
            names = "--json",
            description = "Print each round as one line of JSON on standard output, and all else on standard error.")
    private boolean json;

    private final Console console;
    private final Termination termination;

    /** Makes a command that writes to {@code console} and stops when {@code termination} asks. */
    public LatencyCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        LatencyBench.Shape shape = shape();
        Measurement.run(termination, () -> measure(shape));
        return ExitCode.OK;
    }

    private LatencyBench.Shape shape() {
        rates.forEach((rate, seconds) -> {
            OptionRange.check(1, MOST_PER_SECOND, "--rates: the records per second", rate);
            OptionRange.check(1, MOST_SECONDS, "--rates: the seconds", seconds);
        });
        OptionRange.check(0, 1_000, "--warm-ups", warmUps);
        OptionRange.check(1, 1_000, "--rounds", rounds);
        OptionRange.check(1, 10_000, "--partitions", partitions);
        OptionRange.check(8, 1_000_000, "--value-bytes", valueBytes);
        return new LatencyBench.Shape(rates, warmUps, rounds, partitions, valueBytes);
    }

    private void measure(LatencyBench.Shape shape) {
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        PrintStream text = json ? console.err() : out;
        text.println("Starting a real Kafka in this process, and a JVM for each consumer...");
        List<LatencyResult> results = new ArrayList<>();
        try (KafkaCluster cluster = KafkaCluster.withBrokers(1);
                LatencyBench bench = new LatencyBench(shape);
                Progress progress = Progress.start(console, "rounds", shape.results())) {
            Measurement.stopOn(termination, bench::stop);
            bench.run(cluster, result -> {
                results.add(result);
                progress.reached(results.size());
                if (json) {
                    out.println(LatencyReport.json(result));
                }
            });
            termination.toStop(() -> {});
        }
        text.println(LatencyReport.table(LatencySummary.of(results)));
    }
}
