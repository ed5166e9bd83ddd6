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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
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
@Tag("thorough")
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
        REBALANCE_DOES_NOT_END(null, 1),
        DATA_DELETED(Cause.OFFSET_OUT_OF_RANGE, 1),
        TRANSACTION(Cause.TRANSACTION_OPEN, 0),
        TRANSACTION_LATE(Cause.TRANSACTION_OPEN, 1),
        TOPIC_NOT_SUBSCRIBED(Cause.NOT_SUBSCRIBED, 1);

        private final Cause cause;
        private final int exitCode;

        Injected(Cause cause, int exitCode) {
            this.cause = cause;
            this.exitCode = exitCode;
        }

        /** A rebalance waits for a member, or in the consumer protocol only a partition does. */
        private Cause cause(String client) {
            if (this == REBALANCE_DOES_NOT_END) {
                return client.endsWith("CONSUMER") ? Cause.AWAITING_RELEASE : Cause.JOINING_GROUP;
            }
            return cause;
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
        for (Injected injected :
                List.of(Injected.HEALTHY, Injected.STOPPED, Injected.STUCK_IN_PROCESSING, Injected.COMMITS_NOTHING)) {
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
        assertThat(causes).as(output.out()).contains(injected.cause(client).name());
    }

    private CommandOutput doctor(Arguments which) {
        String name = name(which);
        List<String> args =
                new ArrayList<>(List.of("doctor", "-b", cluster.bootstrapServers(), "-g", name, "-t", name, "--json"));
        if (((Injected) which.get()[0]).cause == Cause.TRANSACTION_OPEN) {
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
                Map<TopicPartition, RecordsToDelete> deleted = new HashMap<>();
                committed(name)
                        .forEach((partition, offset) ->
                                deleted.put(partition, RecordsToDelete.beforeOffset(offset.offset() + 1)));
                Await.until("more is written", PATIENCE, () -> deleted(deleted));
            }
            case TRANSACTION -> transaction(name, client, 600_000);
            case TRANSACTION_LATE -> transaction(name, client, 600_000);
            case TOPIC_NOT_SUBSCRIBED -> {
                commitAll(name);
                cluster.createTopic(name + "-other", 1, 1);
                joinTopic(name, name + "-other", client);
                awaitMember(name);
            }
        }
    }

    private boolean deleted(Map<TopicPartition, RecordsToDelete> offsets) throws InterruptedException {
        try {
            cluster.admin().deleteRecords(offsets).all().get();
            return true;
        } catch (java.util.concurrent.ExecutionException e) {
            return false;
        }
    }
}
