package dev.surefoot.cli.consume;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.cli.connection.BootstrapServers;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Notices;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code surefoot consume}. */
@Command(
        name = "consume",
        description = {
            "Print the records of one or more topics.",
            "",
            "Reads all partitions, or the given ones, without a consumer group: nothing is committed. With --group it"
                    + " reads as a member of a group and commits what it has printed. Ctrl-C stops it and tells how"
                    + " far it got."
        },
        footer = {
            "",
            "A TIME is",
            "  2026-01-31T10:00:00Z   a time with its zone, Z or +01:00",
            "  2026-01-31T10:00       a time in the local time zone, which standard error then names;",
            "  2026-01-31             the first moment of a day there;",
            "  10:00                  today there",
            "  -10m, -2h30m, +1d      from now: ms, s, m, h, d, w",
            "  now",
            "  @1769853600000         milliseconds since 1970",
            "",
            "Examples:",
            "  surefoot consume -b localhost:9092 -t orders -e",
            "  surefoot consume -b localhost:9092 -t orders --from -10m --json",
            "  surefoot consume -b localhost:9092 -t orders -t bills --from 2026-01-31 --until 2026-02-01",
            "  surefoot consume -b localhost:9092 -t orders -p 0 -o -10 -f '%%o %%k: %%s\\n'",
            "  surefoot consume -b localhost:9092 --topic-pattern 'orders-.*' --group billing --commit interval"
        })
public final class ConsumeCommand implements Callable<Integer> {

    private static final String DEFAULT_FROM = "beginning";
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    /** More seconds do not fit the consumer's own timeouts, which are milliseconds in an int. */
    private static final int TIMEOUT_SECONDS_MAX = Integer.MAX_VALUE / 1000;

    @Option(
            names = {"-b", "--bootstrap-server"},
            required = true,
            paramLabel = "HOST:PORT",
            description = "One or more brokers of the cluster, separated by commas.")
    private String bootstrapServer = "";

    @Mixin
    private TopicOptions topicOptions = new TopicOptions();

    @Mixin
    private GroupOptions groupOptions = new GroupOptions();

    @Option(
            names = {"-o", "--from"},
            paramLabel = "POSITION",
            parameterConsumer = ValueAsWritten.class,
            description = {
                "Where to begin (default: " + DEFAULT_FROM + "):",
                "  beginning, end",
                "  42      this offset; a partition without it is left out, with a warning",
                "  -42     the last 42 records of each partition",
                "  TIME    the first record of that time or later",
                "With --group only beginning and end, for partitions without a committed offset."
            })
    private @Nullable String from;

    @Option(
            names = {"-c", "--max"},
            paramLabel = "N",
            description = "Stop after exactly N records.")
    private long max = Long.MAX_VALUE;

    @Option(
            names = {"-e", "--exit"},
            description = "Stop at the end of every partition, as it stood at the start, or when it was assigned.")
    private boolean untilEnd;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            parameterConsumer = ValueAsWritten.class,
            description =
                    "Stop each partition before its first record of that time or later, or when the time has passed"
                            + " and everything up to it is read.")
    private @Nullable String until;

    @Mixin
    private Output output = new Output();

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            parameterConsumer = ValueAsWritten.class,
            description = "What is printed for a null key or value (default: " + TokenFormat.DEFAULT_NULL
                    + "); JSON has null.")
    private @Nullable String nullText;

    @Option(
            names = {"-X", "--config"},
            paramLabel = "KEY=VALUE",
            description = "A configuration key of the consumer, such as isolation.level=read_committed;"
                    + " may be repeated.")
    private List<String> config = new ArrayList<>();

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "A properties file with configuration keys of the consumer; --config overrides it.")
    private @Nullable Path configFile;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long the cluster may take to answer (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = "--progress",
            description = {
                "Show on standard error how far each partition is, and why not further:",
                "on a terminal lines that are drawn anew, else a line for each change;",
                "with --json one JSON object for each change."
            })
    private boolean progress;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not show rebalances of the group, and not how far reading got.")
    private boolean quiet;

    private final Console console;
    private final Termination termination;
    private final Consumers.Opening opening;
    private final Clock clock = Clock.system(ZoneId.systemDefault());

    /** Makes a command that reads with the consumers that {@code opening} opens. */
    public ConsumeCommand(Console console, Termination termination, Consumers.Opening opening) {
        this.console = console;
        this.termination = termination;
        this.opening = opening;
    }

    /** How records are printed: either option, or neither. */
    static final class Output {
        private static final String DEFAULT_FORMAT = "%s\\n";

        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                parameterConsumer = ValueAsWritten.class,
                description = {
                    "How to print a record (default: %%s\\n):",
                    "  %%s value  %%S its length (-1: null)",
                    "  %%k key    %%K its length (-1: null)",
                    "  %%t topic  %%p partition  %%o offset",
                    "  %%T timestamp in ms  %%%% percent sign",
                    "  %%h headers: key=value,key=value with \\\\ \\n \\t \\r \\xNN for what would",
                    "     be ambiguous or is not UTF-8; NULL for null",
                    "  \\n \\t \\r \\\\ \\xNN"
                })
        private @Nullable String format;

        @Option(
                names = {"-J", "--json"},
                description = "Print one JSON object a line for each record; what is not UTF-8 is in Base64.")
        private boolean json;
    }

    @Override
    public Integer call() {
        TopicChoice topics = topicOptions.topics();
        Collection<Integer> onlyPartitions = topicOptions.onlyPartitions();
        Optional<GroupToJoin> group = groupOptions.groupToJoin(from, onlyPartitions);
        ReadingOptions options = readingOptions();
        RecordFormat format = recordFormat();
        BootstrapServers servers = BootstrapServers.parse(bootstrapServer);
        Map<String, Object> settings =
                new ConsumerSettings(bootstrapServer, options.timeout(), group, this::tell).merge(configFile, config);
        servers.resolve(InetAddress::getAllByName, this::tell);
        Consumer<byte[], byte[]> consumer = ConsumerSettings.open(opening, settings);
        termination.toStop(consumer::wakeup);
        TopicPartitions wanted = new TopicPartitions(topics, onlyPartitions);
        ReadingFailures failures = new ReadingFailures(bootstrapServer, group, timeoutSeconds);
        Closeable display = display(consumer);
        try (display) {
            ReadingEnds ends = new ReadingEnds(options.untilMs(), clock);
            Printout printout =
                    new Printout(format, new PromptOutput(console.out(), System::nanoTime), ends, options.max());
            OpenPartitions open = new OpenPartitions(consumer, options, printout, ends);
            read(
                    group.isPresent()
                            ? inGroup(group.get(), consumer, settings, wanted, options, printout, open)
                            : new TopicReading(
                                    consumer,
                                    wanted.find(consumer, options.timeout(), bootstrapServer),
                                    options,
                                    printout,
                                    open,
                                    this::tell));
        } catch (WakeupException e) {
            inform("stopped before it began to read");
        } catch (KafkaException | IllegalArgumentException e) {
            throw failures.of(e);
        } catch (IOException e) {
            if (!isClosedPipe(e)) {
                throw CommandFailure.atRunTime("cannot write to standard output: " + e.getMessage(), e);
            }
        } finally {
            close(consumer);
        }
        return 0;
    }

    private Closeable display(Consumer<byte[], byte[]> consumer) {
        if (!progress) {
            return () -> {};
        }
        if (!(consumer instanceof SurefootConsumer<?, ?> surefoot)) {
            throw new IllegalStateException("--progress needs Surefoot's own consumer");
        }
        return ProgressDisplay.start(console, surefoot, output.json);
    }

    private Reading inGroup(
            GroupToJoin group,
            Consumer<byte[], byte[]> consumer,
            Map<String, Object> settings,
            TopicPartitions wanted,
            ReadingOptions options,
            Printout printout,
            OpenPartitions open) {
        if (!wanted.topics().isOpen()) {
            wanted.find(consumer, options.timeout(), bootstrapServer);
        } else if (wanted.topics().names(consumer, options.timeout()).isEmpty()) {
            tell("no topic matches --topic-pattern yet");
        }
        Notices rebalances = line -> inform("group " + group.id() + ": " + line);
        PrintedCommits commits = new PrintedCommits(
                consumer,
                group.commit(),
                ConsumerSettings.commitIntervalMs(settings),
                options.timeout().compareTo(CLOSE_BOUND) < 0 ? options.timeout() : CLOSE_BOUND,
                clock,
                this::tell);
        return new GroupReading(consumer, wanted.topics(), options, printout, open, commits, rebalances);
    }

    private void read(Reading reading) throws IOException {
        boolean stopped = false;
        try (reading) {
            reading.run();
        } catch (WakeupException e) {
            stopped = true;
        }
        if (stopped) {
            inform("stopped; " + reading.report());
        }
    }

    /**
     * Returns whether the reader of the output, such as head, has closed it. The system's message for that depends on
     * the language.
     */
    private static boolean isClosedPipe(IOException failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    private void tell(String line) {
        console.err().println("surefoot consume: " + line);
    }

    private void inform(String line) {
        if (!quiet) {
            tell(line);
        }
    }

    private Duration timeout() {
        if (timeoutSeconds < 1 || timeoutSeconds > TIMEOUT_SECONDS_MAX) {
            throw CommandFailure.wrongUsage("--timeout must be from 1 to " + TIMEOUT_SECONDS_MAX + " seconds");
        }
        return Duration.ofSeconds(timeoutSeconds);
    }

    private ReadingOptions readingOptions() {
        if (max < 0) {
            throw CommandFailure.wrongUsage("--max must not be negative");
        }
        TimeText times = new TimeText(clock);
        String begin = from == null ? DEFAULT_FROM : from;
        StartPosition start;
        try {
            start = StartPosition.parse(begin, times);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("--from: " + e.getMessage(), e);
        }
        OptionalLong untilMs = untilMs(times);
        if (start instanceof StartPosition.Time time
                && untilMs.isPresent()
                && time.timestampMs() > untilMs.getAsLong()) {
            throw CommandFailure.wrongUsage("--until " + until + " is before --from " + begin);
        }
        times.localNote(begin).ifPresent(note -> tell("--from: " + note));
        if (until != null) {
            times.localNote(until).ifPresent(note -> tell("--until: " + note));
        }
        return new ReadingOptions(start, max, untilEnd, untilMs, timeout());
    }

    private OptionalLong untilMs(TimeText times) {
        String text = until;
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(times.parse(text).orElseThrow(() -> new DateTimeException("no time")));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw CommandFailure.wrongUsage("--until: '" + text + "' is neither " + TimeText.FORMS, e);
        }
    }

    private RecordFormat recordFormat() {
        if (output.json) {
            if (output.format != null) {
                throw CommandFailure.wrongUsage("--format and --json exclude each other; give one of them");
            }
            if (nullText != null) {
                throw CommandFailure.wrongUsage("--null does nothing with --json, where null is null");
            }
            return new JsonFormat();
        }
        try {
            String text = output.format == null ? Output.DEFAULT_FORMAT : output.format;
            return TokenFormat.parse(text, nullText == null ? TokenFormat.DEFAULT_NULL : nullText);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("--format: " + e.getMessage(), e);
        }
    }

    private void close(Consumer<byte[], byte[]> consumer) {
        // From here on a second request to stop must not interrupt the closing.
        termination.toStop(() -> {});
        consumer.close(CloseOptions.timeout(CLOSE_BOUND));
    }
}
