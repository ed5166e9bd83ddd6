package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.doctor.GroupMember.Behaviour;
import dev.surefoot.cli.doctor.GroupMember.Client;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command before a real cluster: what a short look can tell, and what cannot be looked at. */
@Timeout(180)
@SuppressWarnings("try") // members are there to hold their groups
@Tag("thorough")
class DoctorClusterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static KafkaCluster cluster;

    @BeforeAll
    static void startACluster() throws Exception {
        cluster = KafkaCluster.builder()
                .brokers(2)
                .authorizing()
                .brokerConfig("group.initial.rebalance.delay.ms", "0")
                .start();
        deny(ResourceType.GROUP, "forbidden-group");
        deny(ResourceType.TOPIC, "forbidden-topic");
    }

    private static void deny(ResourceType type, String name) throws Exception {
        cluster.admin()
                .createAcls(List.of(new AclBinding(
                        new ResourcePattern(type, name, PatternType.LITERAL),
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.DENY))))
                .all()
                .get();
    }

    @AfterAll
    static void endTheCluster() {
        cluster.close();
    }

    @Test
    void aGroupThatDoesNotExistCannotBeLookedAt() {
        String topic = filled("misspelt", 1, 10);
        commit(topic, "billing", 10);

        CommandOutput output = doctor("--group", "biling");

        assertThat(output.exitCode()).as(output.err()).isEqualTo(3);
        assertThat(output.err()).contains("there is no consumer group 'biling'; did you mean 'billing'?");
        assertThat(output.outBytes()).isEmpty();
    }

    @Test
    void aTopicThatDoesNotExistCannotBeLookedAt() {
        assertThat(doctor("--topic", "no-such-topic").exitCode()).isEqualTo(3);
    }

    @Test
    void aGroupOrTopicThatThisUserMayNotSeeIsNamed() {
        CommandOutput group = doctor("--group", "forbidden-group");
        CommandOutput topic = doctor("--topic", "forbidden-topic");

        assertThat(group.exitCode()).isEqualTo(3);
        assertThat(group.err()).contains("it needs the right DESCRIBE on it");
        assertThat(topic.exitCode()).isEqualTo(3);
        assertThat(topic.err()).contains("it needs the right DESCRIBE on it");
    }

    @Test
    void noBrokerIsSaidWithinTheTimeout() {
        CommandOutput output = CommandOutput.of("doctor", "-b", "127.0.0.1:1", "--group", "billing", "--timeout", "1");

        assertThat(output.exitCode()).isEqualTo(3);
        assertThat(output.err().lines()).hasSize(1);
        assertThat(output.err()).contains("no answer from 127.0.0.1:1 within 1 s");
    }

    @Test
    void aGroupThatHasReadAllIsHealthyForPeople() {
        String topic = filled("all-read", 3, 10);
        commit(topic, topic, 10);

        CommandOutput output = doctor("--group", topic, "--burrow");

        assertThat(output.exitCode()).as(output.out()).isZero();
        assertThat(output.out())
                .contains("group all-read (classic protocol, state Empty, members: 0")
                .contains("all-read-2", "CAUGHT_UP", "Burrow would say: OK", "Healthy.");
        assertThat(output.err()).isEmpty();
    }

    @Test
    void aTopicShowsAllGroupsThatReadIt() throws IOException {
        String topic = filled("of-two-groups", 1, 10);
        commit(topic, "reader-1", 10);
        commit(topic, "reader-2", 4);

        CommandOutput output = doctor("--topic", topic, "--json");

        List<JsonNode> reports = jsonLines(output);
        assertThat(reports).extracting(each -> each.at("/group/id").asText()).containsExactly("reader-1", "reader-2");
        assertThat(reports)
                .extracting(each -> each.at("/partitions/0/lag").asLong())
                .containsExactly(0L, 6L);
    }

    @Test
    void aTopicWithoutGroupsIsLookedAtAlone() throws IOException {
        JsonNode report =
                jsonLines(doctor("--topic", filled("nobodys", 1, 10), "--json")).get(0);

        assertThat(report.at("/group").isMissingNode()).isTrue();
        assertThat(report.at("/partitions/0/cause").asText()).isEqualTo("NOT_READ");
        assertThat(report.at("/exitCode").asInt()).isZero();
    }

    @Test
    void anOffsetThatWasDeletedIsNamed() throws Exception {
        String topic = filled("deleted", 1, 10);
        try (GroupMember member = hangingMember(topic)) {
            cluster.admin()
                    .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(7)))
                    .all()
                    .get();

            CommandOutput output = doctor("--group", topic);

            assertThat(output.exitCode()).as(output.out()).isEqualTo(1);
            assertThat(output.out()).contains("OFFSET_OUT_OF_RANGE").contains("offsets 1 to 6 are deleted");
        }
    }

    private static GroupMember hangingMember(String topic) {
        GroupMember member =
                new GroupMember(cluster.consumerConfig(), topic, Client.KAFKA_CLASSIC, Behaviour.HANGS, Map.of());
        Await.until(
                "a commit",
                PATIENCE,
                () -> !cluster.admin()
                        .listConsumerGroupOffsets(topic)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .isEmpty());
        return member;
    }

    @Test
    void theProducerOfAnOpenTransactionIsNamed() throws Exception {
        String topic = filled("pinned", 1, 10);
        commit(topic, topic, 10);
        try (KafkaProducer<byte[], byte[]> producer = transactional("payer")) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, null, bytes("open"))).get();
            try (GroupMember member = new GroupMember(
                    cluster.consumerConfig(),
                    topic,
                    Client.SUREFOOT_CLASSIC,
                    Behaviour.READS,
                    Map.of("isolation.level", "read_committed"))) {
                awaitMember(topic);

                CommandOutput output = doctor("--group", topic, "--isolation", "read_committed");

                assertThat(output.exitCode()).as(output.out()).isZero();
                assertThat(output.out())
                        .contains("WAITING, TRANSACTION_OPEN")
                        .contains("held back by producer 'payer', id ")
                        .contains("it does not hang: a coordinator knows it")
                        .contains("it is aborted at ");
            }
        }
    }

    private static void awaitMember(String group) {
        Await.until(
                "a member",
                PATIENCE,
                () -> cluster.admin().describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                        .anyMatch(each -> !each.assignment().topicPartitions().isEmpty()));
    }

    @Test
    @SuppressWarnings("removal") // a transaction of no member
    void aCommitInAnOpenTransactionIsNamed() throws Exception {
        String topic = filled("pending", 1, 10);
        commit(topic, topic, 4);
        try (KafkaProducer<byte[], byte[]> producer = transactional("copier")) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(7)), new ConsumerGroupMetadata(topic));
            try (GroupMember member = hangingMember(topic)) {
                CommandOutput output = doctor("--group", topic);

                assertThat(output.out()).contains("COMMITTED_OFFSET_UNSTABLE").contains("producer 'copier'");
            }
        }
    }

    @Test
    void aPartitionWithoutALeaderSpoilsNoOther() throws Exception {
        String topic = "one-broker-down";
        cluster.admin()
                .createTopics(List.of(new NewTopic(topic, Map.of(0, List.of(0), 1, List.of(1)))))
                .all()
                .get();
        write(topic, 0, 10);
        write(topic, 1, 10);
        commit(topic, topic, 10);
        cluster.stop(1);
        try {
            JsonNode report =
                    jsonLines(doctorFor("25s", "--group", topic, "--json")).get(0);

            assertThat(report.at("/partitions/0/cause").asText()).isEqualTo("CAUGHT_UP");
            assertThat(report.at("/partitions/1/cause").asText()).isEqualTo("NO_LEADER");
            assertThat(report.at("/exitCode").asInt()).isEqualTo(1);
        } finally {
            cluster.start(1);
        }
    }

    @Test
    void watchingTellsChangesUntilItIsStopped() {
        String topic = filled("watched", 1, 10);
        readAll(topic);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Termination termination = new Termination();
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                out, termination, "doctor", "-b", cluster.bootstrapServers(), "-g", topic, "--for", "1s", "--watch"));
        awaitText(out, "Healthy.");

        write(topic, 0, 5);
        awaitText(out, "NO_MEMBERS (application) (was FINE, CAUGHT_UP)");
        awaitText(out, "STALLED, NO_MEMBERS");
        termination.ask();

        assertThat(exitCode.join()).isEqualTo(1);
    }

    /** Lets a member read all of a topic with ten records, and leave. */
    private static void readAll(String topic) {
        try (GroupMember member =
                new GroupMember(cluster.consumerConfig(), topic, Client.KAFKA_CLASSIC, Behaviour.READS, Map.of())) {
            Await.until(
                    "all is read",
                    PATIENCE,
                    () ->
                            cluster
                                    .admin()
                                    .listConsumerGroupOffsets(topic)
                                    .partitionsToOffsetAndMetadata()
                                    .get()
                                    .values()
                                    .stream()
                                    .anyMatch(each -> each.offset() == 10));
        }
    }

    @Test
    void watchingEndsWhenNobodyReadsItsLinesAnyMore() {
        String topic = filled("piped", 1, 10);
        readAll(topic);
        CountDownLatch reported = new CountDownLatch(1);
        OutputStream closedAfterTheReport = new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                write(new byte[] {(byte) each}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (reported.getCount() == 0) {
                    throw new IOException("Broken pipe");
                }
                if (new String(bytes, from, length, StandardCharsets.UTF_8).contains("Healthy.")) {
                    reported.countDown();
                }
            }
        };
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                closedAfterTheReport,
                new Termination(),
                "doctor",
                "-b",
                cluster.bootstrapServers(),
                "-g",
                topic,
                "--for",
                "1s",
                "--watch"));
        Await.until("the report", PATIENCE, () -> reported.getCount() == 0);

        write(topic, 0, 5);

        assertThat(exitCode.join()).isIn(0, 1);
    }

    @Test
    void aGroupThatIsDeletedMeanwhileSpoilsNoOther() throws Exception {
        String topic = filled("of-a-deleted-group", 1, 10);
        commit(topic, "stays", 10);
        commit(topic, "goes", 10);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Termination termination = new Termination();
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                out,
                err,
                termination,
                "doctor",
                "-b",
                cluster.bootstrapServers(),
                "-t",
                topic,
                "--for",
                "1s",
                "--watch"));
        awaitText(out, "group stays");

        cluster.admin().deleteConsumerGroups(List.of("goes")).all().get();
        awaitText(out, "group goes: WAITING, NOT_SEEN (cluster) - there is no consumer group 'goes'");
        termination.ask();

        assertThat(exitCode.join()).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("group stays of-a-deleted-group-0:");
    }

    @Test
    void groupsThatThisUserMayNotSeeMayReadATopic() throws Exception {
        String topic = filled("of-a-secret-group", 1, 10);
        commit(topic, "secret", 10);
        deny(ResourceType.GROUP, "secret");
        try {
            CommandOutput output = doctor("--topic", topic);

            assertThat(output.exitCode()).as(output.out()).isEqualTo(3);
            assertThat(output.out()).contains("whether a group reads it is not known", "DESCRIBE on group secret");
        } finally {
            cluster.admin()
                    .deleteAcls(List.of(new AclBindingFilter(
                            new ResourcePatternFilter(ResourceType.GROUP, "secret", PatternType.LITERAL),
                            AccessControlEntryFilter.ANY)))
                    .all()
                    .get();
        }
    }

    @Test
    void aGroupOfAnotherKindIsNamedAsWhatItIs() {
        String topic = filled("shared", 1, 1);
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.keySet().retainAll(List.of("bootstrap.servers"));
        config.put("group.id", "sharers");
        try (KafkaShareConsumer<byte[], byte[]> sharer =
                new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            sharer.subscribe(List.of(topic));
            Await.until("the share group", PATIENCE, () -> {
                sharer.poll(Duration.ofMillis(100));
                return cluster.admin().listGroups().valid().get().stream()
                        .anyMatch(each -> each.groupId().equals("sharers"));
            });

            CommandOutput output = doctor("--group", "sharers");

            assertThat(output.exitCode()).isEqualTo(3);
            assertThat(output.err())
                    .contains("only consumer groups can be looked at")
                    .contains("hare");
        }
    }

    @Test
    void aLookThatIsStoppedSaysWhatItHasSeen() {
        String topic = filled("stopped", 1, 10);
        commit(topic, topic, 10);
        Termination termination = new Termination();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> CommandOutput.into(
                out, termination, "doctor", "-b", cluster.bootstrapServers(), "-g", topic, "--for", "10m"));
        Await.until(
                "the look has begun",
                PATIENCE,
                () -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(each -> each.getName().contains("surefoot-doctor")));

        termination.ask();

        assertThat(exitCode.join()).isIn(0, 3);
    }

    private static void awaitText(ByteArrayOutputStream out, String text) {
        Await.until(
                "'" + text + "'",
                PATIENCE,
                () -> out.toString(StandardCharsets.UTF_8).contains(text));
    }

    private static List<JsonNode> jsonLines(CommandOutput output) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> lines = output.out().lines().toList();
        JsonNode[] nodes = new JsonNode[lines.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = mapper.readTree(lines.get(i));
        }
        return List.of(nodes);
    }

    private static CommandOutput doctor(String... more) {
        return doctorFor("3s", more);
    }

    private static CommandOutput doctorFor(String time, String... more) {
        Stream<String> fixed = Stream.of("doctor", "-b", cluster.bootstrapServers(), "--for", time, "--timeout", "5");
        return CommandOutput.of(Stream.concat(fixed, Stream.of(more)).toArray(String[]::new));
    }

    private static String filled(String topic, int partitions, int records) {
        cluster.createTopic(topic, partitions, 1);
        for (int i = 0; i < partitions; i++) {
            write(topic, i, records);
        }
        return topic;
    }

    private static void write(String topic, int partition, int records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(cluster.producerConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, partition, null, bytes("value")));
            }
        }
    }

    private static void commit(String topic, String group, long offset) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            cluster.admin()
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .forEach(each ->
                            offsets.put(new TopicPartition(topic, each.partition()), new OffsetAndMetadata(offset)));
            cluster.admin().alterConsumerGroupOffsets(group, offsets).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static KafkaProducer<byte[], byte[]> transactional(String id) {
        Map<String, Object> config = new HashMap<>(cluster.producerConfig());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
