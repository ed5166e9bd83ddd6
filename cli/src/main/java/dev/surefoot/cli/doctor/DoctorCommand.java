package dev.surefoot.cli.doctor;

import dev.surefoot.cli.connection.BootstrapServers;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import dev.surefoot.cli.doctor.Examination.Question;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code surefoot doctor}. */
@Command(
        name = "doctor",
        description = {
            "Say which partitions of a group advance, which do not, and why.",
            "",
            "Looks at a group of any client from outside, for half a minute: what it has committed, where the logs"
                    + " end, who its members are. It changes nothing. What it infers it calls suspect. Without --for"
                    + " it looks for up to 65 s if that decides what is undecided, as many clients commit only once a"
                    + " minute."
        },
        exitCodeList = {
            "0:nothing is stalled",
            "1:something is stalled, or nobody consumes what is there",
            "2:wrong usage",
            "3:could not look: no answer, not permitted, or no such group"
        },
        footer = {
            "",
            "Examples:",
            "  surefoot doctor -b localhost:9092 --group billing",
            "  surefoot doctor -b localhost:9092 --topic orders --for 90s --json",
            "  surefoot doctor -b localhost:9092 --group billing --isolation read_committed --peek --watch"
        })
public final class DoctorCommand implements Callable<Integer> {

    private static final int TIMEOUT_SECONDS_MAX = 600;
    private static final long DEFAULT_LOOK_MS = 30_000;
    private static final long LOOK_MS_MIN = 1_000;
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    @Option(
            names = {"-b", "--bootstrap-server"},
            required = true,
            paramLabel = "HOST:PORT",
            description = "One or more brokers of the cluster, separated by commas.")
    private String bootstrapServer = "";

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "The group to look at.")
    private @Nullable String group;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            description = "The topic to look at: in the given group, or in all groups that read it.")
    private @Nullable String topic;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = LookTime.class,
            description = "How long to look, such as 90s or 5m, at most 24h (default: 30s, and up to 65s where that"
                    + " decides).")
    private @Nullable Duration look;

    @Option(
            names = "--isolation",
            paramLabel = "LEVEL",
            converter = Isolation.Converter.class,
            defaultValue = "unknown",
            description = "How the members read: read_committed, read_uncommitted or unknown (default:"
                    + " ${DEFAULT-VALUE}). Brokers do not know it.")
    private Isolation isolation = Isolation.UNKNOWN;

    @Option(
            names = "--client-id",
            paramLabel = "CLIENT",
            description = "Judge only partitions of members with this client id.")
    private String clientId = "";

    @Option(
            names = "--peek",
            description = "Show size and timestamp of the next record of each partition that stands (needs READ on the"
                    + " topic).")
    private boolean peek;

    @Option(
            names = {"-J", "--json"},
            description = "Print one JSON object a line for each group; with --watch one for each change besides.")
    private boolean json;

    @Option(names = "--watch", description = "Go on looking until Ctrl-C, and print a line for each change.")
    private boolean watch;

    @Option(names = "--burrow", description = "Show the status that Burrow would give, beside the cause.")
    private boolean burrow;

    @Option(
            names = {"-X", "--config"},
            paramLabel = "KEY=VALUE",
            description = "A configuration key of the admin client, such as security.protocol=SSL; may be repeated.")
    private List<String> config = new ArrayList<>();

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "A properties file with configuration keys of the admin client; --config overrides it.")
    private @Nullable Path configFile;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long the cluster may take to answer a question (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    private final Console console;
    private final Termination termination;
    private final Consumers.Opening opening;

    /** Makes a command that reads next records with the consumers that {@code opening} opens. */
    public DoctorCommand(Console console, Termination termination, Consumers.Opening opening) {
        this.console = console;
        this.termination = termination;
        this.opening = opening;
    }

    @Override
    public Integer call() {
        checkOptions();
        BootstrapServers servers = BootstrapServers.parse(bootstrapServer);
        Map<String, Object> settings =
                new AdminSettings(bootstrapServer, timeoutSeconds * 1_000).merge(configFile, config);
        Stop stop = new Stop();
        termination.toStop(stop::ask);
        termination.ifLate(Report.NOT_SEEN);
        try {
            servers.resolve(InetAddress::getAllByName, this::tell);
            Admin admin = AdminSettings.open(settings);
            try {
                return look(admin, settings, stop);
            } finally {
                admin.close(CLOSE_BOUND);
            }
        } catch (CommandFailure e) {
            // This command's code 1 says that something is stalled.
            throw e.exitCode() == ExitCode.USAGE ? e : CommandFailure.couldNotLook(FailureLine.lineOf(e), e);
        } catch (Stop.Asked e) {
            tell("stopped before it had looked");
            return Report.NOT_SEEN;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError | LinkageError e) {
            throw CommandFailure.couldNotLook("cannot look: " + FailureLine.lineOf(e), e);
        } finally {
            termination.toStop(() -> {});
        }
    }

    private void checkOptions() {
        if (group == null && topic == null) {
            throw CommandFailure.wrongUsage("give --group or --topic");
        }
        if (group != null && group.isBlank()) {
            throw CommandFailure.wrongUsage("--group names no group");
        }
        if (topic != null && topic.isBlank()) {
            throw CommandFailure.wrongUsage("--topic names no topic");
        }
        if (timeoutSeconds < 1 || timeoutSeconds > TIMEOUT_SECONDS_MAX) {
            throw CommandFailure.wrongUsage("--timeout must be from 1 to " + TIMEOUT_SECONDS_MAX + " seconds");
        }
        if (look != null && look.toMillis() < LOOK_MS_MIN) {
            throw CommandFailure.wrongUsage("--for must be at least 1s");
        }
    }

    private int look(Admin admin, Map<String, Object> settings, Stop stop) {
        GroupChoice choice = new GroupChoice(admin, stop, bootstrapServer, timeoutSeconds);
        choice.requireAnswer();
        GroupChoice.Chosen chosen = choice.of(group, topic);
        long lookMs = look == null ? DEFAULT_LOOK_MS : look.toMillis();
        List<GroupWatch> watches = chosen.groups().stream()
                .map(each -> watch(each, chosen.unseen(), lookMs, admin, settings, stop))
                .toList();
        Rounds rounds = new Rounds(watches, lookMs, look == null, peek, DoctorCommand::clockMs, stop);
        List<Report> reports = lookOnce(rounds, lookMs);
        if (reports.isEmpty()) {
            throw new Stop.Asked();
        }
        PrintStream out = new PrintStream(console.out(), false, StandardCharsets.UTF_8);
        print(reports, out);
        if (!watch) {
            return exitCodeOf(reports);
        }
        List<Report> last = new ArrayList<>(reports);
        Changes changes = new Changes(json, burrow, line -> {
            out.println(line);
            // Nobody is left who reads it if its reader has closed the pipe.
            if (out.checkError()) {
                stop.ask();
            }
        });
        changes.start(reports);
        rounds.on(now -> {
            changes.tell(now);
            last.clear();
            last.addAll(now);
        });
        return exitCodeOf(last);
    }

    private List<Report> lookOnce(Rounds rounds, long lookMs) {
        if (!console.isTerminal()) {
            return rounds.once(passedMs -> {});
        }
        try (Progress progress = Progress.start(console, "looking, seconds", lookMs / 1_000)) {
            return rounds.once(passedMs -> progress.reached(passedMs / 1_000));
        }
    }

    private GroupWatch watch(
            String id, List<String> unseen, long lookMs, Admin admin, Map<String, Object> settings, Stop stop) {
        NotSeen missing = new NotSeen(unseen);
        PartitionLook partitions = new PartitionLook(admin, stop, missing);
        NextRecordLook nextRecords = new NextRecordLook(
                opening, AdminSettings.ofConsumer(settings), timeoutSeconds * 1_000L, stop, DoctorCommand::clockMs);
        BackgroundLook details = new BackgroundLook(
                admin,
                stop,
                partitions,
                new TransactionLook(admin, stop, missing, DoctorCommand::clockMs),
                nextRecords,
                missing,
                System::currentTimeMillis);
        GroupLook groups = new GroupLook(admin, stop);
        return new GroupWatch(
                new SampleLook(id, topic == null ? "" : topic, groups, partitions, unseen, DoctorCommand::clockMs),
                details,
                new Question(isolation, topic != null, clientId, lookMs),
                System::currentTimeMillis);
    }

    private void print(List<Report> reports, PrintStream out) {
        for (Report report : reports) {
            if (json) {
                out.println(new ReportJson(burrow).of(report));
            } else {
                new ReportText(burrow).lines(report).forEach(out::println);
            }
        }
        out.flush();
    }

    /** Returns 1 if anything is stalled, or else 3 if one of the groups could not be seen at all, or else 0. */
    private static int exitCodeOf(List<Report> reports) {
        List<Integer> codes = reports.stream().map(Report::exitCode).toList();
        if (codes.contains(ExitCode.SOFTWARE)) {
            return ExitCode.SOFTWARE;
        }
        return codes.contains(Report.NOT_SEEN) ? Report.NOT_SEEN : ExitCode.OK;
    }

    /** A clock that never goes back, in milliseconds. */
    private static long clockMs() {
        return System.nanoTime() / 1_000_000;
    }

    private void tell(String line) {
        console.err().println("surefoot doctor: " + line);
    }
}
