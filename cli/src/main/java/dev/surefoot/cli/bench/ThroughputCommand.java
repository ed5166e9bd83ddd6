package dev.surefoot.cli.bench;

import dev.surefoot.bench.report.RoundFigures;
import dev.surefoot.bench.report.ThroughputPicture;
import dev.surefoot.bench.report.WorkloadSummary;
import dev.surefoot.bench.throughput.BenchFailedException;
import dev.surefoot.bench.throughput.Client;
import dev.surefoot.bench.throughput.Suite;
import dev.surefoot.bench.throughput.ThroughputBench;
import dev.surefoot.bench.throughput.ThroughputPlan;
import dev.surefoot.bench.throughput.Workload;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Termination;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code surefoot bench throughput}. */
@Command(
        name = "throughput",
        description = {
            "Read topics with Surefoot, with its peers and with a bare socket, and compare.",
            "",
            "Starts a real Kafka in this process and one process for each client. The clients read the same topic in"
                    + " turn, several rounds each; the first round of a process, the cold one, is shown apart. All"
                    + " clients run with their default configuration. A client that does not deliver every record"
                    + " fails the run.",
            "",
            "records/s and MB/s count values only; a MB is 1e6 bytes. The clock runs from before the client's"
                    + " constructor to the last record; closing the client is not part of it."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot bench throughput --suite goals --json > goals.jsonl",
            "  surefoot bench throughput --from goals.jsonl --picture goals.svg",
            "  surefoot bench throughput --value-bytes 100 --clients surefoot,kafka-classic,wire",
            "  surefoot bench throughput --group classic,consumer",
            "  surefoot bench throughput --value-bytes 1024 --codec lz4 --partitions 100 --headers 2 --string"
        })
public final class ThroughputCommand implements Callable<Integer> {

    private static final int DEFAULT_ROUNDS = 5;
    private static final int DEFAULT_WARM_UPS = 2;

    /** A fixed heap, so that no round includes its growth; all other options are the JVM's choice. */
    private static final String DEFAULT_JVM_FLAGS = "-Xms1g -Xmx1g";

    private static final List<String> DEFAULT_CLIENTS = Client.usualLabels();
    private static final int MANY_PARTITIONS = 100;

    @Option(
            names = "--suite",
            paramLabel = "SUITE",
            description = "Run a list of workloads: ${COMPLETION-CANDIDATES} (default: quick).")
    private @Nullable Suite suite;

    @Mixin
    private WorkloadOptions own = new WorkloadOptions();

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            description = "How many rounds to skip between the cold one and the warm ones (default: " + DEFAULT_WARM_UPS
                    + ").")
    private @Nullable Integer warmUps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How many warm rounds to measure (default: " + DEFAULT_ROUNDS + ").")
    private @Nullable Integer rounds;

    @Option(
            names = "--clients",
            paramLabel = "CLIENT",
            split = ",",
            description =
                    "Whom to measure, of surefoot, surefoot-visit, kafka-classic, kafka-consumer, librdkafka and wire"
                            + " (default: all of them, with kcat in the place of librdkafka where nothing can be"
                            + " compiled); and, only if named, kafka-tuned with Surefoot's receive buffer, and"
                            + " wire-pieces, read as Surefoot reads; and those of --group.")
    private @Nullable List<String> clients;

    @Option(
            names = "--group",
            paramLabel = "PROTOCOL",
            split = ",",
            description = {
                "Measure what a group costs: Surefoot and KafkaConsumer, each with its partitions assigned and"
                        + " subscribed in a group with auto-commit (every 200 ms), in the protocol classic, consumer,"
                        + " or both. The workloads are then 1 KB in 6 and in 100 partitions unless others are given."
                        + " The table has the rates from the first record on, which leaves out the time to join."
            })
    private @Nullable List<GroupProtocol> groups;

    @Option(
            names = "--jvm-flags",
            paramLabel = "FLAGS",
            description = "The options of every client's JVM (default: " + DEFAULT_JVM_FLAGS + ").")
    private @Nullable String jvmFlags;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Measure nothing: show what an earlier run printed with --json.")
    private @Nullable Path from;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "Draw the medians into this file, an .svg or a .png.")
    private @Nullable Path picture;

    @Option(
            names = "--json",
            description = "Print each round as one line of JSON on standard output, and all else on standard error.")
    private boolean json;

    private final Console console;
    private final Termination termination;

    /** Makes a command that writes to {@code console} and stops when {@code termination} asks. */
    public ThroughputCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        if (from != null && describesRun()) {
            throw CommandFailure.wrongUsage("--from measures nothing, so it goes only with --picture and --json");
        }
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        if (picture != null) {
            requirePictureFormat(picture);
        }
        List<RoundFigures> measured = from == null ? measure(plan(), out) : read(from);
        PrintStream tables = json ? console.err() : out;
        List<WorkloadSummary> summaries = WorkloadSummary.of(measured);
        summaries.forEach(summary -> tables.println(ThroughputTable.of(summary)));
        if (picture != null) {
            draw(summaries, picture);
        }
        return ExitCode.OK;
    }

    private boolean describesRun() {
        return suite != null
                || own.isUsed()
                || rounds != null
                || warmUps != null
                || clients != null
                || groups != null
                || jvmFlags != null;
    }

    private ThroughputPlan plan() {
        if (suite != null && own.describesWorkload()) {
            throw CommandFailure.wrongUsage("--suite and the options of a single workload cannot be combined");
        }
        if (warmUps != null && warmUps < 0) {
            throw CommandFailure.wrongUsage("--warm-ups must be at least 0");
        }
        if (rounds != null && rounds < 1) {
            throw CommandFailure.wrongUsage("--rounds must be at least 1");
        }
        return new ThroughputPlan(
                workloads(),
                wanted(),
                warmUps == null ? DEFAULT_WARM_UPS : warmUps,
                rounds == null ? DEFAULT_ROUNDS : rounds,
                Arrays.stream((jvmFlags == null ? DEFAULT_JVM_FLAGS : jvmFlags).split("\\s+", -1))
                        .filter(flag -> !flag.isEmpty())
                        .toList());
    }

    private List<Workload> workloads() {
        if (own.describesWorkload()) {
            return List.of(own.workload());
        }
        if (groups != null && suite == null) {
            Workload middle = Workload.ofValues(1024);
            return own.fitted(List.of(middle, middle.withPartitions(MANY_PARTITIONS)));
        }
        return own.fitted((suite == null ? Suite.QUICK : suite).workloads());
    }

    private List<Client> wanted() {
        if (groups != null && clients != null) {
            throw CommandFailure.wrongUsage("--group names the clients itself, so it does not go with --clients");
        }
        List<String> labels = groups == null
                ? (clients == null ? DEFAULT_CLIENTS : clients)
                : groups.stream()
                        .flatMap(protocol -> Client.labelsInGroup(protocol).stream())
                        .toList();
        List<Client> wanted = new ArrayList<>();
        for (String label : labels) {
            wanted.add(Client.ofLabel(label)
                    .orElseThrow(() -> CommandFailure.wrongUsage(
                            "no client is called '" + label + "'; there are " + String.join(", ", Client.labels()))));
        }
        return wanted;
    }

    private List<RoundFigures> measure(ThroughputPlan plan, PrintStream out) {
        List<RoundFigures> measured = new ArrayList<>();
        ThroughputBench bench = new ThroughputBench(plan, new ThroughputBench.Watcher() {
            @Override
            public void said(String line) {
                console.err().println(line);
            }

            @Override
            public void measured(RoundFigures round) {
                measured.add(round);
                console.err().println(line(round));
                if (json) {
                    out.println(round.toJson());
                }
            }
        });
        termination.toStop(bench::stop);
        console.err().println("Every client's JVM runs with: " + String.join(" ", plan.jvmFlags()));
        Measurement.run(termination, () -> run(bench));
        return measured;
    }

    private static void run(ThroughputBench bench) {
        try {
            bench.run();
        } catch (BenchFailedException e) {
            throw CommandFailure.atRunTime(String.valueOf(e.getMessage()), e);
        } catch (CancellationException e) {
            throw CommandFailure.atRunTime("stopped before the end", e);
        }
    }

    private static String line(RoundFigures round) {
        return String.format(
                Locale.ROOT,
                "%s, %s, %s: %,.0f records/s, %,.0f MB/s",
                round.workload(),
                round.cold() ? "cold round" : "round " + round.round(),
                round.client(),
                round.recordsPerSecond(),
                round.mbPerSecond());
    }

    private static List<RoundFigures> read(Path file) {
        try {
            List<RoundFigures> rounds = Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .map(RoundFigures::ofJson)
                    .toList();
            if (rounds.isEmpty()) {
                throw CommandFailure.wrongUsage(file + " holds no figures; give what a run printed with --json");
            }
            return rounds;
        } catch (NoSuchFileException e) {
            throw CommandFailure.wrongUsage("there is no file " + file, e);
        } catch (IOException e) {
            throw CommandFailure.atRunTime("cannot read " + file, e);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage(file + " is not the output of --json: " + e.getMessage(), e);
        }
    }

    private static void requirePictureFormat(Path file) {
        if (!ThroughputPicture.canDraw(file)) {
            throw CommandFailure.wrongUsage("--picture needs a file that ends in .svg or .png, got " + file);
        }
    }

    private static void draw(List<WorkloadSummary> summaries, Path file) {
        try {
            ThroughputPicture.draw(summaries, file);
        } catch (IOException e) {
            throw CommandFailure.atRunTime("cannot write " + file, e);
        }
    }
}
