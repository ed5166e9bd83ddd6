package dev.surefoot.cli.bench;

import dev.surefoot.bench.rebalance.GroupKind;
import dev.surefoot.bench.rebalance.RebalanceBench;
import dev.surefoot.bench.rebalance.RebalanceResult;
import dev.surefoot.bench.rebalance.RebalanceSummary;
import dev.surefoot.bench.rebalance.Subject;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.KafkaClusterBuilder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code surefoot bench rebalance}. */
@Command(
        name = "rebalance",
        description = {
            "Measure how long partitions stand still when a member joins, leaves or dies.",
            "",
            "Records are written to all partitions at fixed times. All members of a group live in one JVM, and the one"
                    + " that dies in another, which is killed. Each change is counted until the last partition that"
                    + " was assigned anew has delivered a record: a join from before the constructor, a leave from the"
                    + " call of close(), a death from the moment when the coordinator gives up the member. Kept"
                    + " partitions have the same owner before and after. Rounds numbered 0 and below warm up and are"
                    + " not counted.",
            "",
            "The default, both consumers with groups of 3 and of 50 members in all protocols, takes about 25 minutes."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot bench rebalance",
            "  surefoot bench rebalance --members 3 --protocols consumer --rounds 5 --json"
        })
public final class RebalanceCommand implements Callable<Integer> {

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "CLIENT",
            defaultValue = "surefoot,kafka",
            description = "Whom to measure (default: ${DEFAULT-VALUE}).")
    private List<Subject> clients = List.of();

    @Option(
            names = "--protocols",
            split = ",",
            paramLabel = "PROTOCOL",
            defaultValue = "eager,cooperative,consumer",
            description = "eager: classic with the default assignors; cooperative: classic with the cooperative one;"
                    + " consumer: that of KIP-848 (default: ${DEFAULT-VALUE}).")
    private List<GroupKind> protocols = List.of();

    @Option(
            names = "--members",
            split = ",",
            paramLabel = "N",
            defaultValue = "3,50",
            description = "Sizes of groups, without the member that joins, leaves or dies (default: ${DEFAULT-VALUE}).")
    private List<Integer> members = List.of();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Partitions of the topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--pulse",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Milliseconds between two records written to a partition; no time is measured more exactly"
                    + " (default: ${DEFAULT-VALUE}).")
    private int pulseMs;

    @Option(
            names = "--heartbeat",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Milliseconds between two heartbeats of a member, by which it hears of a change"
                    + " (default: ${DEFAULT-VALUE}).")
    private int heartbeatMs;

    @Option(
            names = "--session",
            paramLabel = "MS",
            defaultValue = "6000",
            description = "Milliseconds after which the coordinator gives up a silent member; not counted"
                    + " (default: ${DEFAULT-VALUE}).")
    private int sessionMs;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "1",
            description = "Rounds before those that are counted, numbered 0 and below (default: ${DEFAULT-VALUE}).")
    private int warmUps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Rounds to count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--json",
            description = "Print each change as one line of JSON on standard output, and all else on standard error.")
    private boolean json;

    private final Console console;
    private final Termination termination;

    /** Makes a command that writes to {@code console} and stops when {@code termination} asks. */
    public RebalanceCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        RebalanceBench.Shape shape = shape();
        Measurement.run(termination, () -> measure(shape));
        return ExitCode.OK;
    }

    private RebalanceBench.Shape shape() {
        members.forEach(each -> OptionRange.check(2, 500, "--members", each));
        OptionRange.check(1, 10_000, "--partitions", partitions);
        OptionRange.check(10, 10_000, "--pulse", pulseMs);
        OptionRange.check(10, 60_000, "--heartbeat", heartbeatMs);
        OptionRange.check(100, 600_000, "--session", sessionMs);
        OptionRange.check(0, 1_000, "--warm-ups", warmUps);
        OptionRange.check(1, 1_000, "--rounds", rounds);
        if (heartbeatMs >= sessionMs) {
            throw CommandFailure.wrongUsage("--heartbeat must be less than --session");
        }
        members.stream().filter(each -> each + 1 > partitions).findFirst().ifPresent(each -> {
            throw CommandFailure.wrongUsage("--partitions must be more than --members, so that each member has one");
        });
        return new RebalanceBench.Shape(
                clients.stream().distinct().toList(),
                protocols.stream().distinct().toList(),
                members.stream().distinct().toList(),
                partitions,
                pulseMs,
                sessionMs,
                heartbeatMs,
                warmUps,
                rounds);
    }

    private void measure(RebalanceBench.Shape shape) {
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        PrintStream text = json ? console.err() : out;
        text.println("Starting a real Kafka in this process, and a JVM for the members of each consumer...");
        KafkaClusterBuilder builder = KafkaCluster.builder();
        shape.brokerConfig().forEach(builder::brokerConfig);
        List<RebalanceResult> results = new ArrayList<>();
        try (KafkaCluster cluster = builder.start();
                RebalanceBench bench = new RebalanceBench(shape);
                Progress progress = Progress.start(console, "changes", shape.results())) {
            Measurement.stopOn(termination, bench::stop);
            bench.run(cluster, result -> {
                results.add(result);
                progress.reached(results.size());
                if (json) {
                    out.println(RebalanceReport.json(result));
                }
            });
            termination.toStop(() -> {});
        }
        text.println(RebalanceReport.table(RebalanceSummary.of(results)));
    }
}
