package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.CommandOutput;
import dev.surefoot.cli.doctor.GroupMember.Behaviour;
import dev.surefoot.cli.doctor.GroupMember.Client;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The command finds the right cause for groups of KafkaConsumer and of Surefoot in both protocols, and of librdkafka.
 * All groups are looked at in the same minute: most causes need one.
 */
@Tag("soak")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorCausesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 2;

    /** What is wrong with a group, and what the command is to say of it. */
    private enum Injected {
        HEALTHY(Cause.PROGRESSING, 0),
        STOPPED(Cause.NO_MEMBERS, 1),
        STUCK_IN_PROCESSING(Cause.APPLICATION_NOT_POLLING, 1),
        COMMITS_NOTHING(Cause.NEVER_COMMITTED, 1),
        PAUSED_PARTITION(Cause.CLIENT_FAULT, 1),
        REBALANCE_DOES_NOT_END(Cause.JOINING_GROUP, 1),
        DATA_DELETED(Cause.OFFSET_OUT_OF_RANGE, 1),
        TRANSACTION(Cause.TRANSACTION_OPEN, 0),
        TRANSACTION_HANGS(Cause.TRANSACTION_HANGING, 1),
        OFFSETS_IN_TRANSACTION(Cause.COMMITTED_OFFSET_UNSTABLE, 0),
        TOPIC_NOT_SUBSCRIBED(Cause.NOT_SUBSCRIBED, 1);

        private final Cause cause;
        private final int exitCode;

        Injected(Cause cause, int exitCode) {
            this.cause = cause;
            this.exitCode = exitCode;
        }

        /** A rebalance waits for a member, or in the consumer protocol only a partition does. */
        private Cause cause(String client) {
            return this == REBALANCE_DOES_NOT_END && client.endsWith("CONSUMER") ? Cause.AWAITING_RELEASE : cause;
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, CompletableFuture<CommandOutput>> outputs = new HashMap<>();
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    private ExecutorService doctors;
    private KafkaCluster cluster;
    private KafkaProducer<byte[], byte[]> producer;

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Injected injected : Injected.values()) {
            for (Client client : Client.values()) {
                cases.add(Arguments.of(injected, client.name()));
            }
        }
        // kcat commits whatever enable.auto.commit says, pauses nothing, and subscribes to the topic of its group.
        for (Injected injected : List.of(
                Injected.HEALTHY,
                Injected.STOPPED,
                Injected.STUCK_IN_PROCESSING,
                Injected.REBALANCE_DOES_NOT_END,
                Injected.DATA_DELETED,
                Injected.TRANSACTION,
                Injected.TRANSACTION_HANGS,
                Injected.OFFSETS_IN_TRANSACTION)) {
            cases.add(Arguments.of(injected, KcatProcess.NAME));
        }
        return cases.stream();
    }

    @BeforeAll
    void lookAtAllGroups() throws Exception {
        cluster = KafkaCluster.builder()
                .brokerConfig("group.initial.rebalance.delay.ms", "0")
                .brokerConfig("group.consumer.assignment.interval.ms", "0")
                .start();
        producer = new KafkaProducer<>(cluster.producerConfig(), new ByteArraySerializer(), new ByteArraySerializer());
        List<String> names = new ArrayList<>();
        for (Arguments each : cases().toList()) {
            Injected injected = (Injected) each.get()[0];
            String client = (String) each.get()[1];
            if (!client.equals(KcatProcess.NAME) || KcatProcess.isInstalled()) {
                cluster.createTopic(name(injected, client), PARTITIONS, 1);
                write(name(injected, client));
                names.add(name(injected, client));
            }
        }
        forgottenTransaction(names.stream()
                .filter(each -> each.startsWith(Injected.TRANSACTION_HANGS.name()))
                .toList());
        writer.scheduleAtFixedRate(() -> names.forEach(this::write), 0, 500, TimeUnit.MILLISECONDS);
        doctors = Executors.newFixedThreadPool(names.size());
        List<Arguments> begun =
                cases().filter(each -> names.contains(name(each))).toList();
        List<CompletableFuture<Void>> injections = begun.stream()
                .map(each -> CompletableFuture.runAsync(() -> inject(each), doctors))
                .toList();
        injections.forEach(CompletableFuture::join);
        for (Arguments each : begun) {
            outputs.put(name(each), CompletableFuture.supplyAsync(() -> doctor(each), doctors));
        }
    }

    @AfterAll
    void endAll() throws Exception {
        writer.shutdownNow();
        doctors.shutdownNow();
        for (AutoCloseable each : open) {
            each.close();
        }
        producer.close(Duration.ZERO);
        cluster.close();
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("cases")
    void theCauseAndTheExitCodeAreRight(Injected injected, String client) throws IOException {
        assumeTrue(outputs.containsKey(name(injected, client)), "kcat is not installed");

        CommandOutput output = outputs.get(name(injected, client)).join();

        assertThat(output.exitCode()).as(output.out() + output.err()).isEqualTo(injected.exitCode);
        JsonNode report = new ObjectMapper().readTree(output.out());
        List<String> causes = new ArrayList<>();
        report.at("/partitions").forEach(each -> causes.add(each.at("/cause").asText()));
        if (injected == Injected.HEALTHY) {
            assertThat(causes)
                    .as(output.out())
                    .isNotEmpty()
                    .isSubsetOf(Cause.PROGRESSING.name(), Cause.CAUGHT_UP.name());
        } else {
            assertThat(causes).as(output.out()).contains(injected.cause(client).name());
        }
    }

    private CommandOutput doctor(Arguments which) {
        String name = name(which);
        List<String> args =
                new ArrayList<>(List.of("doctor", "-b", cluster.bootstrapServers(), "-g", name, "-t", name, "--json"));
        if (name.startsWith("TRANSACTION")) {
            args.addAll(List.of("--isolation", "read_committed"));
        }
        return CommandOutput.of(args.toArray(String[]::new));
    }

    private void inject(Arguments which) {
        Injected injected = (Injected) which.get()[0];
        String client = (String) which.get()[1];
        String name = name(which);
        try {
            if (client.equals(KcatProcess.NAME)) {
                injectIntoKcat(injected, name);
            } else {
                inject(injected, Client.valueOf(client), name);
            }
        } catch (Exception e) {
            throw new IllegalStateException("Cannot inject " + name, e);
        }
    }

    private void inject(Injected injected, Client client, String name) throws Exception {
        switch (injected) {
            case HEALTHY -> {
                join(name, client, Behaviour.READS);
                awaitCommit(name);
            }
            case STOPPED -> {
                GroupMember member = join(name, client, Behaviour.READS);
                awaitCommit(name);
                member.close();
            }
            case STUCK_IN_PROCESSING -> {
                commitAll(name);
                join(name, client, Behaviour.HANGS);
                awaitMember(name);
            }
            case COMMITS_NOTHING -> {
                join(name, client, Behaviour.NEVER_COMMITS);
                awaitMember(name);
            }
            case PAUSED_PARTITION -> {
                join(name, client, Behaviour.PAUSES);
                awaitCommit(name);
            }
            case REBALANCE_DOES_NOT_END -> {
                GroupMember member = join(name, client, Behaviour.HANGS);
                member.awaitHanging();
                join(name, client, Behaviour.READS);
            }
            case DATA_DELETED -> {
                join(name, client, Behaviour.HANGS).awaitHanging();
                Await.until("unread records are deleted", PATIENCE, () -> hasDeletedUnread(name));
            }
            case TRANSACTION -> {
                commitAll(name);
                begin(name, List.of(name));
                join(name, client, Behaviour.READS, Map.of("isolation.level", "read_committed"));
                awaitMember(name);
            }
            case TRANSACTION_HANGS -> {
                join(name, client, Behaviour.READS, Map.of("isolation.level", "read_committed"));
                awaitCommit(name);
            }
            case OFFSETS_IN_TRANSACTION -> {
                commitInTransaction(name);
                join(name, client, Behaviour.READS);
                awaitMember(name);
            }
            case TOPIC_NOT_SUBSCRIBED -> {
                commitAll(name);
                cluster.createTopic(name + "-other", 1, 1);
                keep(new GroupMember(
                        cluster.consumerConfig(), name, name + "-other", client, Behaviour.READS, Map.of()));
                awaitMember(name);
            }
        }
    }

    private void injectIntoKcat(Injected injected, String name) throws Exception {
        if (injected == Injected.OFFSETS_IN_TRANSACTION) {
            commitInTransaction(name);
        } else {
            commitAll(name);
        }
        if (injected == Injected.TRANSACTION) {
            begin(name, List.of(name));
        }
        KcatProcess kcat = new KcatProcess(cluster.bootstrapServers(), name);
        keep(kcat);
        awaitMember(name);
        switch (injected) {
            case STOPPED -> kcat.end();
            case STUCK_IN_PROCESSING -> kcat.freeze();
            case REBALANCE_DOES_NOT_END -> {
                kcat.freeze();
                keep(new KcatProcess(cluster.bootstrapServers(), name));
            }
            case DATA_DELETED -> {
                kcat.freeze();
                Await.until("unread records are deleted", PATIENCE, () -> hasDeletedUnread(name));
            }
            case TRANSACTION, TRANSACTION_HANGS -> awaitAllThatIsStable(name);
            default -> {}
        }
    }

    /**
     * Leaves a transaction open in partition 0 of each topic that no coordinator knows any more: its entry in the
     * coordinator's log is deleted, as only the client id of Kafka's own tools may do, and the coordinator reads that
     * log again.
     */
    private void forgottenTransaction(List<String> topics) throws Exception {
        String id = "forgotten";
        KafkaProducer<byte[], byte[]> holder = begin(id, topics);
        byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        byte[] key = ByteBuffer.allocate(4 + idBytes.length)
                .putShort((short) 0)
                .putShort((short) idBytes.length)
                .put(idBytes)
                .array();
        int partitions = cluster.admin()
                .describeTopics(List.of("__transaction_state"))
                .allTopicNames()
                .get()
                .get("__transaction_state")
                .partitions()
                .size();
        Map<String, Object> config = new HashMap<>(cluster.producerConfig());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "__admin_client");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        try (KafkaProducer<byte[], byte[]> tool =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            tool.send(new ProducerRecord<>("__transaction_state", Math.abs(id.hashCode()) % partitions, key, null))
                    .get();
        }
        holder.close(Duration.ZERO);
        cluster.restart(0);
    }

    private KafkaProducer<byte[], byte[]> begin(String id, List<String> topics) throws Exception {
        Map<String, Object> config = new HashMap<>(cluster.producerConfig());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 600_000);
        KafkaProducer<byte[], byte[]> holder =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        keep(() -> holder.close(Duration.ZERO));
        holder.initTransactions();
        holder.beginTransaction();
        for (String each : topics) {
            holder.send(new ProducerRecord<>(each, 0, null, new byte[] {1})).get();
        }
        return holder;
    }

    private boolean hasDeletedUnread(String name) throws InterruptedException, ExecutionException {
        Map<TopicPartition, RecordsToDelete> unread = new HashMap<>();
        committed(name)
                .forEach((partition, offset) ->
                        unread.put(partition, RecordsToDelete.beforeOffset(offset.offset() + 1)));
        try {
            cluster.admin().deleteRecords(unread).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OffsetOutOfRangeException) {
                // The next record is still to be written.
                return false;
            }
            throw e;
        }
    }

    private GroupMember join(String name, Client client, Behaviour behaviour) {
        return join(name, client, behaviour, Map.of());
    }

    private GroupMember join(String name, Client client, Behaviour behaviour, Map<String, Object> more) {
        GroupMember member = new GroupMember(cluster.consumerConfig(), name, client, behaviour, more);
        keep(member);
        return member;
    }

    private void keep(AutoCloseable each) {
        synchronized (open) {
            open.add(0, each);
        }
    }

    private void commitAll(String name) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            offsets.put(new TopicPartition(name, i), new OffsetAndMetadata(0));
        }
        cluster.admin().alterConsumerGroupOffsets(name, offsets).all().get();
    }

    /**
     * Leaves the offset of one partition in an open transaction. A member that starts waits for it; KafkaConsumer and
     * librdkafka read no other partition before.
     */
    @SuppressWarnings("removal") // a transaction of no member
    private void commitInTransaction(String name) throws Exception {
        commitAll(name);
        begin(name, List.of())
                .sendOffsetsToTransaction(
                        Map.of(new TopicPartition(name, 0), new OffsetAndMetadata(1)), new ConsumerGroupMetadata(name));
    }

    /** What is read until then would count as progress. */
    private void awaitAllThatIsStable(String name) {
        TopicPartition partition = new TopicPartition(name, 0);
        Await.until("a commit at the last stable offset of " + name, PATIENCE, () -> {
            long stable = cluster.admin()
                    .listOffsets(
                            Map.of(partition, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .partitionResult(partition)
                    .get()
                    .offset();
            return committed(name).get(partition).offset() == stable;
        });
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String name)
            throws InterruptedException, ExecutionException {
        return cluster.admin()
                .listConsumerGroupOffsets(name)
                .partitionsToOffsetAndMetadata()
                .get();
    }

    private void awaitCommit(String name) {
        Await.until("commits of " + name, PATIENCE, () -> committed(name).size() == PARTITIONS);
    }

    private void awaitMember(String name) {
        Await.until("a member of " + name, PATIENCE, () -> hasMember(name));
    }

    private boolean hasMember(String name) throws InterruptedException, ExecutionException {
        try {
            return cluster.admin().describeConsumerGroups(List.of(name)).all().get().get(name).members().stream()
                    .anyMatch(each -> !each.assignment().topicPartitions().isEmpty());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                // The first member of the consumer protocol changes the kind of a group between two questions.
                return false;
            }
            throw e;
        }
    }

    private void write(String topic) {
        for (int i = 0; i < PARTITIONS; i++) {
            producer.send(new ProducerRecord<>(topic, i, null, new byte[] {1}));
        }
    }

    private static String name(Arguments which) {
        return name((Injected) which.get()[0], (String) which.get()[1]);
    }

    private static String name(Injected injected, String client) {
        return injected + "-" + client;
    }
}
