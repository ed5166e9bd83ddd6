package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.console.Termination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumeCommandTest {

    private static final int RECORDS_EACH = 5;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        /** A log can be read again, which the records of a {@code MockConsumer} cannot. */
        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            if (filled.contains(partition)) {
                fill(partition);
            }
        }
    };

    private final Set<TopicPartition> filled = new HashSet<>();
    private final Termination termination = new Termination();
    private final Map<String, Object> config = new HashMap<>();

    @Test
    void allPartitionsAreReadToTheirEnd() {
        holding(0, 1);

        CommandOutput read = consume("--exit", "-f", "%p:%o=%s ");

        assertThat(read.exitCode()).isZero();
        assertThat(read.out().split(" "))
                .containsExactlyInAnyOrder(
                        ("0:0=v0 0:1=v1 0:2=v2 0:3=v3 0:4=v4 1:0=v0 1:1=v1 1:2=v2 1:3=v3 1:4=v4").split(" "));
        assertThat(read.err()).isEmpty();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void onlyTheGivenPartitionsAreRead() {
        holding(0, 1, 2);

        CommandOutput read = consume("-e", "-p", "0", "-p", "2", "-f", "%p ");

        assertThat(read.out().split(" ")).containsOnly("0", "2").hasSize(2 * RECORDS_EACH);
    }

    @Test
    void maxStopsExactly() {
        holding(0);

        CommandOutput read = consume("--max", "3");

        assertThat(read.exitCode()).isZero();
        assertThat(read.out()).isEqualTo("v0\nv1\nv2\n");
    }

    @Test
    void readingBeginsWhereItIsTold() {
        holding(0);

        assertThat(consume("-o", "-2", "-e").out()).isEqualTo("v3\nv4\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-o|-2|-f|-e%o ", "--from|-2|--format|-p%o ", "-o-2|-f-x%o ", "--from=-2|--format=--json%o "})
    void aValueMayBeginWithADash(String options) {
        holding(0);

        CommandOutput read = consume(
                Stream.concat(Stream.of("-e"), Stream.of(options.split("\\|"))).toArray(String[]::new));

        assertThat(read.err()).isEmpty();
        assertThat(read.out()).matches("-[epx-].*3 -[epx-].*4 ");
    }

    @Test
    void aRequestToStopEndsItInOrderAndTellsHowFarItGot() {
        holding(0);
        consumer.schedulePollTask(termination::ask);

        CommandOutput read = consume();

        assertThat(read.exitCode()).isZero();
        assertThat(read.out()).isEqualTo("v0\nv1\nv2\nv3\nv4\n");
        assertThat(read.err())
                .isEqualTo("surefoot consume: stopped; 5 records printed; next offsets: orders-0 5%n".formatted());
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void whatWasReadBeforeAFailureIsPrinted() {
        holding(0);
        consumer.schedulePollTask(() -> consumer.setPollException(new KafkaException("the disk\nis on fire")));

        CommandOutput read = consume();

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.out()).isEqualTo("v0\nv1\nv2\nv3\nv4\n");
        assertThat(read.err()).isEqualTo("surefoot consume: the disk is on fire%n".formatted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f|%o|-J", "-J|-f|%o", "--json|--format=%o", "--format=%o|--json"})
    void aFormatAndJsonExcludeEachOtherInAnyOrder(String options) {
        CommandOutput read = consume(options.split("\\|"));

        assertThat(read.exitCode()).isEqualTo(2);
        assertThat(read.err()).startsWith("surefoot consume: --format and --json exclude each other; give one of them");
    }

    @Test
    void aRefusalNamesTheBrokerAndTheKeysToCheck() {
        holding(0);
        consumer.schedulePollTask(
                () -> consumer.setPollException(new SaslAuthenticationException("Invalid username or password")));

        CommandOutput read = consume();

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err())
                .isEqualTo("surefoot consume: localhost:9092 refuses this client; check the keys sasl.*, ssl.* and"
                        + " security.protocol: Invalid username or password%n".formatted());
    }

    @Test
    void anUnknownTopicIsAFailureAtRunTime() {
        CommandOutput read = consume("-e");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err()).contains("there is no topic orders").doesNotContain("\tat ");
    }

    @Test
    void anUnknownPartitionIsAFailureAtRunTime() {
        holding(0, 1);

        CommandOutput read = consume("-p", "9");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err()).contains("topic orders has no partition 9; its partitions are 0 to 1");
    }

    @Test
    void optionsOverrideTheFileAndNoGroupIsJoined(@TempDir Path folder) throws IOException {
        holding(0);
        Path file = Files.writeString(
                folder.resolve("client.properties"),
                "group.id=mine\nfetch.min.bytes=7\nmax.poll.records=9\nauto.offset.reset=earliest\n");

        consume("-e", "--command-config", file.toString(), "-X", "fetch.min.bytes=8", "-X", "client.id=a=b");

        assertThat(config)
                .containsEntry("fetch.min.bytes", "8")
                .containsEntry("max.poll.records", "9")
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("client.id", "a=b")
                .containsEntry("bootstrap.servers", "localhost:9092")
                .containsEntry("enable.auto.commit", false)
                .doesNotContainKey("group.id");
    }

    private CommandOutput consume(String... options) {
        String[] args = Stream.concat(Stream.of("consume", "-b", "localhost:9092", "-t", "orders"), Stream.of(options))
                .toArray(String[]::new);
        return CommandOutput.with(
                given -> {
                    config.putAll(given);
                    return consumer;
                },
                termination,
                args);
    }

    /** Gives each partition the records v0, v1 and so on, as soon as it is assigned. */
    private void holding(int... partitions) {
        consumer.updatePartitions(
                "orders",
                Arrays.stream(partitions)
                        .mapToObj(each -> new PartitionInfo("orders", each, null, null, null))
                        .toList());
        for (int each : partitions) {
            TopicPartition partition = new TopicPartition("orders", each);
            consumer.updateBeginningOffsets(Map.of(partition, 0L));
            consumer.updateEndOffsets(Map.of(partition, (long) RECORDS_EACH));
        }
        consumer.schedulePollTask(() -> consumer.assignment().forEach(this::fill));
    }

    private void fill(TopicPartition partition) {
        filled.add(partition);
        for (int offset = 0; offset < RECORDS_EACH; offset++) {
            byte[] value = ("v" + offset).getBytes(StandardCharsets.UTF_8);
            consumer.addRecord(new ConsumerRecord<>("orders", partition.partition(), offset, null, value));
        }
    }
}
