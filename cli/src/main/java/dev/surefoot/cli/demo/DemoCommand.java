package dev.surefoot.cli.demo;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.KafkaClusterBuilder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code surefoot demo}. */
@Command(
        name = "demo",
        description = {
            "Show a broken fetch session handler stall, Surefoot read on, name three stalls, and a group lose a"
                    + " member.",
            "",
            "Starts a real Kafka in this process and writes records. Then it reads them under the conditions that made"
                    + " a well-known client stop for ever: first with that client's session handler, then with"
                    + " Surefoot. Then it makes a partition stand still in three ways, and shows what Surefoot calls"
                    + " each. At last a group of three processes reads it, one of them is killed, and every record"
                    + " is accounted for. Takes about a minute and leaves nothing behind.",
            "",
            "Exit code 0 means that the broken handler stalled, that Surefoot read every record once and named"
                    + " every stall, and that the group processed every record, those again that the dead member had"
                    + " not committed, and no others."
        })
public final class DemoCommand implements Callable<Integer> {

    private static final String TOPIC = "demo";
    private static final int PARTITIONS = 6;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "300000",
            description =
                    "How many records of " + SequencedRecord.SIZE + " bytes to write (default: ${DEFAULT-VALUE}).")
    private long records;

    @Option(
            names = "--json",
            description = "Print the result as one line of JSON on standard output, and all else on standard error.")
    private boolean json;

    private final Console console;
    private final Termination termination;

    /** Makes a command that writes to {@code console} and stops when {@code termination} asks. */
    public DemoCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        if (records < 1) {
            throw CommandFailure.wrongUsage("--records must be at least 1");
        }
        DemoReport report;
        try {
            report = show(json ? console.err() : printed());
        } catch (RuntimeException | LinkageError e) {
            // When the process is asked to end, the cluster ends too, and the demo may fail with errors of its own:
            // classes that are first used then cannot be initialized.
            if (termination.isAsked()) {
                throw CommandFailure.atRunTime("stopped before the end", e);
            }
            throw e;
        }
        if (json) {
            PrintStream out = printed();
            out.println(report.json());
        }
        return report.holds() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private DemoReport show(PrintStream story) {
        story.println("Starting a real Kafka in this process...");
        try (KafkaCluster cluster = start()) {
            String bootstrapServers = cluster.bootstrapServers();
            createTopic(cluster);
            story.printf(Locale.ROOT, "Writing %,d records to %d partitions%n", records, PARTITIONS);
            write(bootstrapServers);

            Map<String, Object> conditions = Trial.conditions(bootstrapServers);
            TrialResult broken = tryOut(new Contestant("broken handler", () -> Consumers.broken(conditions)));
            story.println(verdict(broken));
            broken.stuck().forEach(each -> story.println("  " + where(each)));

            TrialResult surefoot = tryOut(new Contestant("Surefoot", () -> Consumers.surefoot(conditions)));
            story.println(verdict(surefoot));
            surefoot.stuck().forEach(each -> story.println("  " + where(each)));

            story.println("Now one partition is made to stand still, and Surefoot is asked why");
            List<NamedStall> stalls = new StallAct(cluster, TOPIC + "-stalls").play(story, termination);

            story.println("Now a group of three processes reads it, and one of them is killed");
            GroupResult group = group(cluster, story);
            story.println(verdict(group));

            DemoReport report = new DemoReport(broken, surefoot, stalls, group);
            story.println();
            story.println(report.table());
            story.println(report.groupTable());
            if (!broken.isStalled()) {
                story.println("The broken handler did not stall, so this run shows nothing.");
            }
            return report;
        }
    }

    private static KafkaCluster start() {
        KafkaClusterBuilder builder = KafkaCluster.builder();
        GroupAct.brokerConfig().forEach(builder::brokerConfig);
        return builder.start();
    }

    private void createTopic(KafkaCluster cluster) {
        // A cluster that ends with the process never answers.
        Thread waiting = Thread.currentThread();
        termination.toStop(waiting::interrupt);
        cluster.createTopic(TOPIC, PARTITIONS, 1, Map.of());
        termination.toStop(() -> {});
    }

    private void write(String bootstrapServers) {
        try (Progress progress = Progress.start(console, "writing", records)) {
            new SequenceWriter(bootstrapServers, TOPIC, PARTITIONS).write(records, progress, termination);
        }
    }

    private TrialResult tryOut(Contestant contestant) {
        try (Progress progress = Progress.start(console, contestant.name(), records)) {
            return new Trial(TOPIC, PARTITIONS, records).run(contestant, progress, termination);
        }
    }

    private GroupResult group(KafkaCluster cluster, PrintStream story) {
        try (Progress progress = Progress.start(console, "group of three", records)) {
            return new GroupAct(cluster, TOPIC, PARTITIONS, records).play(story, progress, termination);
        }
    }

    private static String verdict(GroupResult result) {
        ProcessedRecords ledger = result.ledger();
        String processed =
                String.format(Locale.ROOT, "Group: %,d of %,d records processed", ledger.distinct(), ledger.records());
        if (!result.holds()) {
            return String.format(
                    Locale.ROOT,
                    "%s; %,d never, %,d again without need, %,d damaged, %,d committed",
                    processed,
                    ledger.missing(),
                    ledger.unexplained(),
                    ledger.damaged(),
                    result.committed());
        }
        return String.format(
                Locale.ROOT,
                "%s and committed; %,d twice: %s had processed and not committed them when it was killed",
                processed,
                ledger.again(),
                result.killed());
    }

    private static String verdict(TrialResult result) {
        SequenceLedger ledger = result.ledger();
        String read = String.format(
                Locale.ROOT, "%s: %,d of %,d records", result.name(), ledger.consumed(), ledger.records());
        if (result.isStalled()) {
            return read + ", then none for " + Trial.STALL_AFTER.toSeconds() + " s. It is stuck:";
        }
        if (ledger.isFlawless()) {
            return read + ", each once and in order";
        }
        return String.format(
                Locale.ROOT,
                "%s; %,d never delivered, %,d delivered twice, %,d out of order, %,d damaged",
                read,
                ledger.gaps(),
                ledger.duplicates(),
                ledger.outOfOrder(),
                ledger.damaged());
    }

    private static String where(StuckPartition each) {
        return String.format(
                Locale.ROOT,
                "%s-%d stands at offset %,d of %,d: %,d remain",
                TOPIC,
                each.partition(),
                each.offset(),
                each.end(),
                each.remaining());
    }

    private PrintStream printed() {
        return new PrintStream(console.out(), true, StandardCharsets.UTF_8);
    }
}
