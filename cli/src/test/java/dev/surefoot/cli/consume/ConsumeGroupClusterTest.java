package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.Surefoot;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a member of a group, before a real broker. */
@Timeout(180)
class ConsumeGroupClusterTest {

    private static final int PARTITIONS = 2;
    private static final int RECORDS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FORBIDDEN = "forbidden";

    private static KafkaCluster cluster;

    @BeforeAll
    static void fillATopic() throws Exception {
        cluster = KafkaCluster.builder()
                .authorizing()
                .brokerConfig("group.consumer.migration.policy", "disabled")
                .brokerConfig("group.consumer.assignment.interval.ms", "0")
                .brokerConfig("group.consumer.min.heartbeat.interval.ms", "100")
                .brokerConfig("group.consumer.heartbeat.interval.ms", "100")
                .start();
        cluster.admin()
                .createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.GROUP, FORBIDDEN, PatternType.LITERAL),
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.DENY))))
                .all()
                .get();
        fill("orders");
        fill("bills-one");
    }

    @AfterAll
    static void endTheCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aSecondReaderGoesOnWhereTheFirstHasStopped(String protocol) {
        String group = "goes-on-" + protocol;

        CommandOutput first = consume(group, protocol, "-t", "orders", "--max", "150");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(committed(group)).isEqualTo(150);
        CommandOutput second = consume(group, protocol, "-t", "orders", "--exit");

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(Stream.concat(first.out().lines(), second.out().lines()))
                .containsExactlyInAnyOrderElementsOf(values());
        assertThat(committed(group)).isEqualTo(RECORDS);
        assertThat(second.err().lines())
                .containsExactly(
                        "surefoot consume: group " + group + ": gained orders[0-1]; owns orders[0-1]",
                        "surefoot consume: group " + group + ": gave back orders[0-1]; owns nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupMayReadWithoutATrace(String protocol) {
        String group = "no-trace-" + protocol;

        CommandOutput read = consume(group, protocol, "-t", "orders", "--exit", "--commit", "none", "-q");

        assertThat(read.err()).isEmpty();
        assertThat(read.out().lines()).hasSize(RECORDS);
        assertThat(committed(group)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void partitionsWithoutACommittedOffsetBeginWhereItIsTold(String protocol) {
        String topic = "later-" + protocol;
        cluster.createTopic(topic, 1, 1);
        write(topic, 0, "old");
        CompletableFuture<CommandOutput> reading =
                CompletableFuture.supplyAsync(() -> consume(topic, protocol, "-t", topic, "-o", "end", "--max", "1"));

        Await.until("a record that was written later is read", PATIENCE, () -> {
            write(topic, 0, "new");
            return reading.isDone();
        });

        assertThat(reading.join().out()).isEqualTo("new\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void membersDivideThePartitionsAndShowIt(String protocol) throws Exception {
        String topic = "divided-" + protocol;
        cluster.createTopic(topic, 2, 1);
        try (Member one = new Member(topic, protocol)) {
            one.awaitErr("owns " + topic + "[0-1]");
            try (Member other = new Member(topic, protocol)) {
                other.awaitErr("gained " + topic);
                one.awaitErr("gave back " + topic);
                write(topic, 0, "a");
                write(topic, 1, "b");
                Await.until("both records are read", PATIENCE, () -> one.lines() + other.lines() == 2);
                other.stop();
            }
            one.awaitErr("owns " + topic + "[0-1]", 2);
            write(topic, 0, "c");
            write(topic, 1, "d");
            Await.until("the one that is left reads all", PATIENCE, () -> committed(topic) == 4);
            one.stop();
        }
        assertThat(committed(topic)).isEqualTo(4);
    }

    @Test
    void topicsThatAppearLaterAreRead() throws Exception {
        try (Member member =
                new Member("pattern", "classic", "--topic-pattern", "new-.*", "-X", "metadata.max.age.ms=100")) {
            member.awaitErr("no topic matches --topic-pattern yet");
            cluster.createTopic("new-one", 1, 1);
            write("new-one", 0, "a");
            Await.until("its record is read", PATIENCE, () -> member.lines() == 1);
            member.awaitErr("gained new-one[0]");
            member.stop();
        }
    }

    @Test
    void aPatternWithoutAGroupReadsWhatMatchesNow() {
        CommandOutput read = CommandOutput.of(
                "consume", "-b", cluster.bootstrapServers(), "--topic-pattern", "bills-.*", "-e", "-f", "%t\\n");

        assertThat(read.err()).isEmpty();
        assertThat(read.out().lines()).hasSize(RECORDS).containsOnly("bills-one");
        assertThat(CommandOutput.of("consume", "-b", cluster.bootstrapServers(), "--topic-pattern", "bill")
                        .err())
                .contains("no topic at " + cluster.bootstrapServers() + " matches --topic-pattern");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aReaderThatHasSeenEnoughCommitsWhatItWasGiven(String protocol) throws Exception {
        String topic = "cut-" + protocol;
        cluster.createTopic(topic, 1, 1);
        Process command = start(options(topic, protocol, "-t", topic, "-f", "%o\\n"));
        try {
            write(topic, 0, "first");
            try (BufferedReader lines = linesOf(command)) {
                assertThat(lines.readLine()).isEqualTo("0");
            }
            Await.until("the command has ended", PATIENCE, () -> {
                write(topic, 0, "more");
                return !command.isAlive();
            });

            assertThat(command.exitValue()).isZero();
            assertThat(committed(topic)).isPositive().isLessThan(endOf(topic));
        } finally {
            command.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupThatThisClientMayNotJoinIsNamed(String protocol) {
        CommandOutput read = consume(FORBIDDEN, protocol, "-t", "orders");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err().lines()).hasSize(1);
        assertThat(read.err()).contains("this client may not join group forbidden; it needs the right READ on it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupOfTheOtherProtocolIsNamed(String protocol) throws Exception {
        String group = "other-than-" + protocol;
        try (Member member = new Member(group, protocol.equals("classic") ? "consumer" : "classic", "-t", "orders")) {
            member.awaitErr("gained orders");

            CommandOutput read = consume(group, protocol, "-t", "orders");

            assertThat(read.exitCode()).isEqualTo(1);
            assertThat(read.err().lines()).hasSize(1);
            assertThat(read.err()).contains("group " + group + " has members of another protocol or kind; set");
            member.stop();
        }
    }

    /** A command that reads until it is asked to stop. */
    private static final class Member implements AutoCloseable {
        private final Termination termination = new Termination();
        private final PipedInputStream out = new PipedInputStream(1 << 16);
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final CompletableFuture<Integer> exitCode;

        Member(String topic, String protocol) throws IOException {
            this(topic, protocol, "-t", topic);
        }

        Member(String group, String protocol, String... what) throws IOException {
            OutputStream sink = new BufferedOutputStream(new PipedOutputStream(out), 1 << 16);
            String[] args = options(
                    group,
                    protocol,
                    Stream.concat(
                                    Stream.of(what),
                                    Stream.of("-f", ".", "--commit", "interval", "-X", "auto.commit.interval.ms=50"))
                            .toArray(String[]::new));
            exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(sink, err, termination, args));
        }

        int lines() throws IOException {
            return out.available();
        }

        void awaitErr(String words) {
            awaitErr(words, 1);
        }

        void awaitErr(String words, int times) {
            Await.until("standard error has '" + words + "' " + times + " times", PATIENCE, () -> {
                String text = err.toString(StandardCharsets.UTF_8);
                assertThat(exitCode).as(text).isNotDone();
                return text.split(Pattern.quote(words), -1).length > times;
            });
        }

        void stop() throws ExecutionException, InterruptedException {
            termination.ask();
            assertThat(exitCode.get()).as(err.toString(StandardCharsets.UTF_8)).isZero();
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("stopped; ");
        }

        @Override
        public void close() {
            termination.ask();
            exitCode.join();
        }
    }

    private static CommandOutput consume(String group, String protocol, String... more) {
        return CommandOutput.of(options(group, protocol, more));
    }

    private static String[] options(String group, String protocol, String... more) {
        Stream<String> fixed = Stream.of(
                "consume", "-b", cluster.bootstrapServers(), "--group", group, "-X", "group.protocol=" + protocol);
        return Stream.concat(fixed, Stream.of(more)).toArray(String[]::new);
    }

    /** A process of its own: only there is standard output a pipe that the other end can close. */
    private static Process start(String... args) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Stream<String> fixed = Stream.of(java, "-cp", System.getProperty("java.class.path"), Surefoot.class.getName());
        return new ProcessBuilder(Stream.concat(fixed, Stream.of(args)).toList()).start();
    }

    private static BufferedReader linesOf(Process command) {
        return new BufferedReader(new InputStreamReader(command.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The committed offsets of a group, added up. */
    private static long committed(String group) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = cluster.admin()
                    .listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                    .partitionsToOffsetAndMetadata(group)
                    .get();
            return offsets.values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long endOf(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                cluster.consumerConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(List.of(partition)).get(partition);
        }
    }

    private static List<String> values() {
        return IntStream.range(0, RECORDS).mapToObj(i -> "value " + i).toList();
    }

    private static void fill(String topic) {
        cluster.createTopic(topic, PARTITIONS, 1);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, bytes("value " + i)));
            }
        }
    }

    private static void write(String topic, int partition, String value) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, partition, null, bytes(value)));
        }
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(cluster.producerConfig(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
