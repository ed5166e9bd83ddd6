package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.consumer.Consumers;
import dev.surefoot.cli.doctor.GroupMember.Behaviour;
import dev.surefoot.cli.doctor.GroupMember.Client;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static ClusterTopics topics;

    @BeforeAll
    static void startACluster() throws Exception {
        cluster = KafkaCluster.builder()
                .brokers(2)
                .authorizing()
                .brokerConfig("group.initial.rebalance.delay.ms", "0")
                .start();
        topics = new ClusterTopics(cluster);
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
        String topic = topics.filled("misspelt", 1, 10);
        topics.commit(topic, "billing", 10);

        CommandOutput output = doctor("--group", "biling");

        assertThat(output.exitCode()).as(output.err()).isEqualTo(3);
        assertThat(output.err()).contains("there is no consumer group 'biling'; did you mean 'billing'?");
        assertThat(output.outBytes()).isEmpty();
    }

    @Test
    void aTopicThatDoesNotExistCannotBeLookedAt() {
        String topic = topics.filled("payments", 1, 1);

        CommandOutput output = doctor("--topic", "paymnets");

        assertThat(output.exitCode()).isEqualTo(3);
        assertThat(output.err()).contains("there is no topic 'paymnets'; did you mean '" + topic + "'?");
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
        String topic = topics.filled("all-read", 3, 10);
        topics.commit(topic, topic, 10);

        CommandOutput output = doctor("--group", topic, "--burrow");

        assertThat(output.exitCode()).as(output.out()).isZero();
        assertThat(output.out())
                .contains("group all-read (classic protocol, state Empty, members: 0")
                .contains("all-read-2", "CAUGHT_UP", "Burrow would say: OK", "Healthy.");
        assertThat(output.err()).isEmpty();
    }

    @Test
    void aTopicShowsAllGroupsThatReadIt() throws IOException {
        String topic = topics.filled("of-two-groups", 1, 10);
        topics.commit(topic, "reader-1", 10);
        topics.commit(topic, "reader-2", 4);

        CommandOutput output = doctor("--topic", topic, "--json");

        List<JsonNode> reports = jsonLines(output);
        assertThat(reports).extracting(each -> each.at("/group/id").asText()).containsExactly("reader-1", "reader-2");
        assertThat(reports)
                .extracting(each -> each.at("/partitions/0/lag").asLong())
                .containsExactly(0L, 6L);
    }

    @Test
    void aTopicWithoutGroupsIsLookedAtAlone() throws IOException {
        JsonNode report = jsonLines(doctor("--topic", topics.filled("nobodys", 1, 10), "--json"))
                .get(0);

        assertThat(report.at("/group").isMissingNode()).isTrue();
        assertThat(report.at("/partitions/0/cause").asText()).isEqualTo("NOT_READ");
        assertThat(report.at("/exitCode").asInt()).isZero();
    }

    @Test
    void anOffsetThatWasDeletedIsNamed() throws Exception {
        String topic = topics.filled("deleted", 1, 10);
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
        String topic = topics.filled("pinned", 1, 10);
        topics.commit(topic, topic, 10);
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

    @Test
    void aTailOfMarkersNeedsNoLongerLook() throws Exception {
        String topic = topics.filled("marked", 1, 10);
        try (KafkaProducer<byte[], byte[]> producer = transactional("marker")) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, null, bytes("read"))).get();
            producer.commitTransaction();
        }
        topics.commit(topic, topic, 11);

        CommandOutput output = CommandOutput.of("doctor", "-b", cluster.bootstrapServers(), "-g", topic, "--json");

        JsonNode report = jsonLines(output).get(0);
        assertThat(report.at("/partitions/0/cause").asText()).as(output.out()).isEqualTo("NOTHING_DELIVERABLE");
        assertThat(report.at("/lookedForMs").asLong()).isLessThan(60_000);
    }

    @Test
    void whoIsBeyondAnOpenTransactionHasANextRecordInIt() throws Exception {
        String topic = topics.filled("beyond", 1, 10);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<byte[], byte[]> producer = transactional("holder")) {
            producer.beginTransaction();
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, bytes("open")))
                        .get();
            }
            NotSeen missing = new NotSeen(List.of());
            NextRecordLook look = new NextRecordLook(
                    Consumers::surefoot,
                    Map.of("bootstrap.servers", cluster.bootstrapServers()),
                    10_000,
                    new Stop(),
                    () -> System.nanoTime() / 1_000_000);

            assertThat(look.at(Map.of(partition, 11L), true, missing).get(partition))
                    .extracting(NextRecord::exists, NextRecord::offset)
                    .containsExactly(true, 11L);
            assertThat(look.at(Map.of(partition, 11L), false, missing)).containsEntry(partition, NextRecord.NONE);
            assertThat(missing.take()).isEmpty();
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
        String topic = topics.filled("pending", 1, 10);
        topics.commit(topic, topic, 4);
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
        topics.write(topic, 0, 10);
        topics.write(topic, 1, 10);
        topics.commit(topic, topic, 10);
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
    void groupsThatThisUserMayNotSeeMayReadATopic() throws Exception {
        String topic = topics.filled("of-a-secret-group", 1, 10);
        topics.commit(topic, "secret", 10);
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
        String topic = topics.filled("shared", 1, 1);
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
