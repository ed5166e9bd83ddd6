package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.LONG;
import static dev.surefoot.testkit.consumer.Members.SHORT;
import static dev.surefoot.testkit.consumer.Members.group;
import static dev.surefoot.testkit.consumer.Members.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.group.CommittedOffsetsLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What auto-commit has stored is where the next member begins: never behind what the application was given. */
@Timeout(300)
class AutoCommitRestartTest {
    private static final String TOPIC = "numbers";
    private static final String SESSION_MS = "3000";
    private static final String HEARTBEAT_MS = "500";
    private static final int PARTITIONS = 2;
    private static final int RECORDS_EACH = 20_000;
    private static final int KILLS = 4;

    private final long seed = Long.getLong("surefoot.seed", System.nanoTime());

    @TempDir
    private Path folder;

    /** The process is killed wherever it is: in a fetch, while it decodes or returns records, or in a commit. */
    @Tag("soak")
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void gt35AMemberThatIsKilledLosesNothing(String protocol) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, Long> next = new HashMap<>();
        try (KafkaCluster cluster = ofShortSessions()) {
            cluster.createTopic(TOPIC, PARTITIONS, 1);
            OneBroker.partitions(TOPIC, PARTITIONS)
                    .forEach(partition -> Writing.numbers(cluster, partition, 0, RECORDS_EACH));
            for (int life = 0; life <= KILLS; life++) {
                Path printed = Files.createFile(folder.resolve("life-" + life));
                long wanted = life == KILLS ? Long.MAX_VALUE : 1 + random.nextInt(2 * RECORDS_EACH / KILLS);
                Process member = member(cluster, protocol, printed);
                try {
                    Await.until("records of life " + life + ", seed " + seed, LONG, () -> {
                        List<String> lines = lines(printed);
                        return lines.size() >= wanted || isEverything(next, lines);
                    });
                } finally {
                    member.destroyForcibly().waitFor();
                }
                take(next, lines(printed), "life " + life + ", seed " + seed);
            }
        }
        assertThat(next.values())
                .as("seed %d", seed)
                .containsOnly((long) RECORDS_EACH)
                .hasSize(PARTITIONS);
    }

    /** The place of a member that was killed is free when its session is over. */
    private static KafkaCluster ofShortSessions() {
        return KafkaCluster.builder()
                .brokerConfig("group.min.session.timeout.ms", SESSION_MS)
                .brokerConfig("group.consumer.min.session.timeout.ms", SESSION_MS)
                .brokerConfig("group.consumer.session.timeout.ms", SESSION_MS)
                .brokerConfig("group.consumer.min.heartbeat.interval.ms", HEARTBEAT_MS)
                .brokerConfig("group.consumer.heartbeat.interval.ms", HEARTBEAT_MS)
                .start();
    }

    private static Process member(KafkaCluster cluster, String protocol, Path printed) throws Exception {
        Map<String, Object> config = cluster.consumerConfig();
        config.remove("key.deserializer");
        config.remove("value.deserializer");
        config.put("group.id", "killed");
        config.put("group.protocol", protocol);
        config.put("enable.auto.commit", true);
        config.put("auto.commit.interval.ms", 5);
        config.put("max.poll.records", 100);
        if (protocol.equals("classic")) {
            config.put("session.timeout.ms", SESSION_MS);
            config.put("heartbeat.interval.ms", HEARTBEAT_MS);
        }
        List<String> arguments = new ArrayList<>(List.of(Client.SUREFOOT.name(), TOPIC, printed.toString()));
        config.forEach((key, value) -> arguments.add(key + "=" + value));
        return OwnJvm.start(PrintingMember.class, arguments);
    }

    /** The whole lines of a file; what comes after the last one was cut off by the kill. */
    private static List<String> lines(Path file) throws Exception {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static boolean isEverything(Map<Integer, Long> nextBefore, List<String> lines) {
        Map<Integer, Long> next = new HashMap<>(nextBefore);
        lines.forEach(line -> next.merge(partition(line), offset(line) + 1, Math::max));
        return next.size() == PARTITIONS && next.values().stream().allMatch(at -> at == RECORDS_EACH);
    }

    /** Moves behind what one member has printed, which has to begin at or before where the others got to. */
    private static void take(Map<Integer, Long> next, List<String> lines, String what) {
        Map<Integer, Long> last = new HashMap<>();
        for (String line : lines) {
            long offset = offset(line);
            Long before = last.put(partition(line), offset);
            if (before == null) {
                assertThat(offset)
                        .as("where partition %d begins in %s", partition(line), what)
                        .isLessThanOrEqualTo(next.getOrDefault(partition(line), 0L));
            } else {
                assertThat(offset)
                        .as("partition %d in %s", partition(line), what)
                        .isEqualTo(before + 1);
            }
        }
        last.forEach((partition, offset) -> next.merge(partition, offset + 1, Math::max));
    }

    private static int partition(String line) {
        return Integer.parseInt(line.substring(0, line.indexOf(' ')));
    }

    private static long offset(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void gt38WhatWasSoughtBackStaysStored(Client client, String protocol) {
        TopicPartition partition = new TopicPartition(Members.written(1), 0);
        String group = group();
        Object[] options = {"enable.auto.commit", "true", "auto.commit.interval.ms", 10};
        try (Consumer<byte[], byte[]> member = open(client, protocol, group, options);
                Consumer<byte[], byte[]> observer = open(client, protocol, group)) {
            member.subscribe(List.of(partition.topic()));
            Members.read(member, Members.RECORDS);
            awaitStored(member, observer, partition, Members.RECORDS);
            member.pause(List.of(partition));
            member.seek(partition, Members.RECORDS - 10);
            awaitStored(member, observer, partition, Members.RECORDS - 10);
        }
        List<Long> stored = CommittedOffsetsLog.read(OneBroker.cluster()).offsets(group, partition);
        long larger = Members.RECORDS;
        long smaller = Members.RECORDS - 10;
        assertThat(stored.subList(stored.indexOf(smaller), stored.size())).containsOnly(smaller);
        assertThat(stored.subList(0, stored.indexOf(smaller))).endsWith(larger);
        try (Consumer<byte[], byte[]> next = open(client, protocol, group)) {
            next.subscribe(List.of(partition.topic()));
            assertThat(Members.read(next, 10).get(0)).isEqualTo("0:" + smaller);
        }
    }

    private static void awaitStored(
            Consumer<byte[], byte[]> member, Consumer<byte[], byte[]> observer, TopicPartition partition, long offset) {
        Await.until("the stored offset " + offset, LONG, () -> {
            member.poll(SHORT);
            OffsetAndMetadata stored = observer.committed(Set.of(partition)).get(partition);
            return stored != null && stored.offset() == offset;
        });
    }
}
