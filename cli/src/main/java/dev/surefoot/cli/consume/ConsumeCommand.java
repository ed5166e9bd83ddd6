package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code surefoot consume}. */
@Command(
        name = "consume",
        description = {
            "Print the records of a topic.",
            "",
            "Reads all partitions of the topic, or the given ones, without a consumer group: nothing is committed."
                    + " Ctrl-C stops it and tells how far it got."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot consume -b localhost:9092 -t orders -e",
            "  surefoot consume -b localhost:9092 -t orders --from 2026-01-31T10:00:00Z --json",
            "  surefoot consume -b localhost:9092 -t orders -p 0 -o -10 -f '%%o %%k: %%s\\n'"
        })
public final class ConsumeCommand implements Callable<Integer> {

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    @Option(
            names = {"-b", "--bootstrap-server"},
            required = true,
            paramLabel = "HOST:PORT",
            description = "One or more brokers of the cluster, separated by commas.")
    private String bootstrapServer = "";

    @Option(
            names = {"-t", "--topic"},
            required = true,
            paramLabel = "TOPIC",
            description = "The topic to read.")
    private String topic = "";

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "PARTITION",
            split = ",",
            description = "Read this partition only; may be repeated.")
    private List<Integer> onlyPartitions = new ArrayList<>();

    @Option(
            names = {"-o", "--from"},
            paramLabel = "POSITION",
            defaultValue = "beginning",
            description = {
                "Where to begin (default: ${DEFAULT-VALUE}):",
                "  beginning, end",
                "  42      this offset, in every partition",
                "  -42     so many offsets before the end",
                "  2026-01-31T10:00:00Z  the first record of that time or later",
                "  @1769853600000        the same, in milliseconds since 1970"
            })
    private String from = "";

    @Option(
            names = {"-c", "--max"},
            paramLabel = "N",
            description = "Stop after exactly N records.")
    private long max = Long.MAX_VALUE;

    @Option(
            names = {"-e", "--exit"},
            description = "Stop at the end of every partition, as it stood at the start.")
    private boolean untilEnd;

    @ArgGroup
    private Output output = new Output();

    @Option(
            names = {"-X", "--config"},
            paramLabel = "KEY=VALUE",
            description = "A configuration key of the consumer, such as isolation.level=read_committed;"
                    + " may be repeated.")
    private Map<String, String> config = new LinkedHashMap<>();

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

    private final Console console;
    private final Termination termination;
    private final Consumers.Opening opening;

    /** Reads with the consumers that {@code opening} opens. */
    public ConsumeCommand(Console console, Termination termination, Consumers.Opening opening) {
        this.console = console;
        this.termination = termination;
        this.opening = opening;
    }

    /** How records are printed: either option, or neither. */
    static final class Output {

        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = {
                    "How to print a record (default: %%s\\n):",
                    "  %%s value  %%S its length (-1: null)",
                    "  %%k key    %%K its length (-1: null)",
                    "  %%t topic  %%p partition  %%o offset",
                    "  %%T timestamp in ms  %%h headers  %%%% percent sign",
                    "  \\n \\t \\r \\\\ \\xNN"
                })
        private String format = "%s\\n";

        @Option(
                names = {"-J", "--json"},
                description = "Print one JSON object a line for each record; what is not UTF-8 is in Base64.")
        private boolean json;
    }

    @Override
    public Integer call() {
        ReadingOptions options = readingOptions();
        RecordFormat format = recordFormat();
        Map<String, Object> settings = new ConsumerSettings(bootstrapServer, timeout()).merge(configFile, config);
        Consumer<byte[], byte[]> consumer = ConsumerSettings.open(opening, settings);
        termination.toStop(consumer::wakeup);
        try {
            read(consumer, new TopicReading(consumer, options, format, console.out()));
        } catch (TimeoutException e) {
            throw noAnswer(e);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.atRunTime(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            // Whoever reads our output, such as head, has seen enough.
            if (!"Broken pipe".equals(e.getMessage())) {
                throw CommandFailure.atRunTime("cannot write to standard output: " + e.getMessage(), e);
            }
        } finally {
            close(consumer);
        }
        return 0;
    }

    private void read(Consumer<byte[], byte[]> consumer, TopicReading reading) throws IOException {
        boolean stopped = false;
        try {
            reading.run(partitions(consumer));
        } catch (WakeupException e) {
            stopped = true;
        } finally {
            console.out().flush();
        }
        if (stopped) {
            console.err().println("surefoot consume: stopped; " + reading.report());
        }
    }

    private Duration timeout() {
        if (timeoutSeconds < 1) {
            throw CommandFailure.wrongUsage("--timeout must be at least 1 second");
        }
        return Duration.ofSeconds(timeoutSeconds);
    }

    private ReadingOptions readingOptions() {
        if (max < 0) {
            throw CommandFailure.wrongUsage("--max must not be negative");
        }
        try {
            return new ReadingOptions(StartPosition.parse(from), max, untilEnd, timeout());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("--from: " + e.getMessage(), e);
        }
    }

    private RecordFormat recordFormat() {
        try {
            return output.json ? new JsonFormat() : TokenFormat.parse(output.format);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("--format: " + e.getMessage(), e);
        }
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        TreeSet<Integer> existing = new TreeSet<>();
        try {
            List<PartitionInfo> known = consumer.partitionsFor(topic, timeout());
            if (known != null) {
                known.forEach(each -> existing.add(each.partition()));
            }
        } catch (UnknownTopicOrPartitionException e) {
            throw unknownTopic();
        }
        if (existing.isEmpty()) {
            throw unknownTopic();
        }
        TreeSet<Integer> wanted = onlyPartitions.isEmpty() ? existing : new TreeSet<>(onlyPartitions);
        for (int each : wanted) {
            if (!existing.contains(each)) {
                throw CommandFailure.atRunTime("topic " + topic + " has no partition " + each + "; its partitions are "
                        + existing.first() + " to " + existing.last());
            }
        }
        return wanted.stream().map(each -> new TopicPartition(topic, each)).toList();
    }

    private CommandFailure unknownTopic() {
        return CommandFailure.atRunTime("there is no topic " + topic + " at " + bootstrapServer
                + " (or this client may not see it); check the name");
    }

    private CommandFailure noAnswer(TimeoutException cause) {
        return CommandFailure.atRunTime(
                "no answer from " + bootstrapServer + " within " + timeoutSeconds
                        + " s; check the address, that the broker runs, and its security settings"
                        + " (--timeout waits longer, --debug shows the client's log)",
                cause);
    }

    private void close(Consumer<byte[], byte[]> consumer) {
        // From here on a second request to stop must not cut the closing short.
        termination.toStop(() -> {});
        consumer.close(CloseOptions.timeout(CLOSE_BOUND));
    }
}
