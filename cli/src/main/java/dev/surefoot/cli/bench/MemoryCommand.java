package dev.surefoot.cli.bench;

import dev.surefoot.bench.memory.MemoryBench;
import dev.surefoot.bench.memory.MemoryResult;
import dev.surefoot.bench.memory.MemorySummary;
import dev.surefoot.bench.memory.ScarceBench;
import dev.surefoot.bench.memory.ScarceResult;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code surefoot bench memory}. */
@Command(
        name = "memory",
        description = {
            "Measure the memory that Surefoot holds for a slow application, and what the bound on it costs.",
            "",
            "Fills a topic and reads it with buffers of several sizes (surefoot.buffer.bytes): with an application that"
                    + " is as fast as it can be, with one that rests after each poll, and with one that changes"
                    + " between the two every half second. Rounds numbered 0 and below warm up and are not counted.",
            "",
            "Then has Surefoot and KafkaConsumer read a topic in JVMs that have little memory: many consumers in one,"
                    + " and one consumer with one processor and direct memory of 8, 16 and 32 MiB."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot bench memory",
            "  surefoot bench memory --megabytes 500 --fast-buffers 1,4,16 --slow-buffers 4 --rounds 3"
        })
public final class MemoryCommand implements Callable<Integer> {
    private static final long MEGA = 1_000_000;
    private static final long MIB = 1024 * 1024;

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Million bytes of values in the topic (default: ${DEFAULT-VALUE}).")
    private int megabytes;

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Bytes of each value (default: ${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "6",
            description = "Partitions of the topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--fast-buffers",
            split = ",",
            paramLabel = "MIB",
            defaultValue = "1,2,4,8,16,64,256",
            description = "Buffers for the fast application, in MiB (default: ${DEFAULT-VALUE}).")
    private List<Integer> fastBuffers = List.of();

    @Option(
            names = "--slow-buffers",
            split = ",",
            paramLabel = "MIB",
            defaultValue = "8,64",
            description = "Buffers for the two that rest, in MiB (default: ${DEFAULT-VALUE}).")
    private List<Integer> slowBuffers = List.of();

    @Option(
            names = "--rest",
            paramLabel = "MICROS",
            defaultValue = "5000",
            description = "How long a slow application rests after each poll (default: ${DEFAULT-VALUE}).")
    private int restMicros;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "When the application that is always slow may stop (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "1",
            description = "Rounds before those that are counted, numbered 0 and below (default: ${DEFAULT-VALUE}).")
    private int warmUps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds to count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--scarce-records",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Records of 1000 bytes for the JVMs with little memory, or 0 to leave those out"
                    + " (default: ${DEFAULT-VALUE}).")
    private int scarceRecords;

    @Option(
            names = "--scarce-rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Rounds for the JVMs with little memory (default: ${DEFAULT-VALUE}).")
    private int scarceRounds;

    @Option(
            names = "--sharing",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many consumers share the little memory of a JVM, or 0 to leave that out"
                    + " (default: ${DEFAULT-VALUE}).")
    private int sharing;

    @Option(
            names = "--json",
            description = "Print each trial as one line of JSON on standard output, and all else on standard error.")
    private boolean json;

    private final Console console;
    private final Termination termination;

    /** Makes a command that writes to {@code console} and stops when {@code termination} asks. */
    public MemoryCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        MemoryBench.Shape shape = shape();
        OptionRange.check(0, 100_000_000, "--scarce-records", scarceRecords);
        OptionRange.check(1, 1_000, "--scarce-rounds", scarceRounds);
        OptionRange.check(0, 1_000, "--sharing", sharing);
        Measurement.run(termination, () -> measure(shape));
        return ExitCode.OK;
    }

    private void measureScarce(KafkaCluster cluster, PrintStream out, PrintStream text) {
        List<ScarceResult> results = new ArrayList<>();
        try (ScarceBench bench = new ScarceBench(scarceRecords, sharing, scarceRounds)) {
            Measurement.stopOn(termination, bench::stop);
            try (Progress progress = Progress.start(console, "writing", scarceRecords)) {
                bench.fill(cluster, progress::reached);
            }
            try (Progress progress = Progress.start(console, "trials", bench.results())) {
                bench.run(cluster, result -> {
                    results.add(result);
                    progress.reached(results.size());
                    if (json) {
                        out.println(ScarceReport.json(result));
                    }
                });
            }
        }
        text.println(ScarceReport.table(results));
    }

    private MemoryBench.Shape shape() {
        OptionRange.check(1, 1_000_000, "--megabytes", megabytes);
        OptionRange.check(1, 1_000_000, "--value-bytes", valueBytes);
        OptionRange.check(1, 10_000, "--partitions", partitions);
        fastBuffers.forEach(buffer -> OptionRange.check(1, 65_536, "--fast-buffers", buffer));
        slowBuffers.forEach(buffer -> OptionRange.check(1, 65_536, "--slow-buffers", buffer));
        OptionRange.check(1, 10_000_000, "--rest", restMicros);
        OptionRange.check(1, 3_600, "--seconds", seconds);
        OptionRange.check(0, 1_000, "--warm-ups", warmUps);
        OptionRange.check(1, 1_000, "--rounds", rounds);
        return new MemoryBench.Shape(
                Math.max(1, megabytes * MEGA / valueBytes),
                valueBytes,
                partitions,
                bytes(fastBuffers),
                bytes(slowBuffers),
                restMicros,
                seconds,
                warmUps,
                rounds);
    }

    private static List<Long> bytes(List<Integer> mebibytes) {
        return mebibytes.stream().map(each -> each * MIB).toList();
    }

    private void measure(MemoryBench.Shape shape) {
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        PrintStream text = json ? console.err() : out;
        text.println("Starting a real Kafka in this process, and a JVM for the consumers...");
        List<MemoryResult> results = new ArrayList<>();
        try (KafkaCluster cluster = KafkaCluster.withBrokers(1);
                MemoryBench bench = new MemoryBench(shape)) {
            Measurement.stopOn(termination, bench::stop);
            try (Progress progress = Progress.start(console, "writing", shape.records())) {
                bench.fill(cluster, progress::reached);
            }
            try (Progress progress = Progress.start(console, "trials", shape.results())) {
                bench.run(cluster, result -> {
                    results.add(result);
                    progress.reached(results.size());
                    if (json) {
                        out.println(MemoryReport.json(result));
                    }
                });
            }
            termination.toStop(() -> {});
            text.println(MemoryReport.table(MemorySummary.of(results)));
            if (scarceRecords > 0) {
                measureScarce(cluster, out, text);
                termination.toStop(() -> {});
            }
        }
    }
}
