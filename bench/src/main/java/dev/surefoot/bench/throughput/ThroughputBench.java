package dev.surefoot.bench.throughput;

import dev.surefoot.bench.report.RoundFigures;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.jspecify.annotations.Nullable;

/**
 * Measures clients against one real broker in this JVM.
 *
 * <p>For each workload the topic is written once. Each client has a process that stays alive over all rounds and waits
 * on its standard input while another one reads, so that one client has the machine and the broker to itself. The order
 * of the clients changes from round to round. Before round 0 the topic is read twice from within this JVM, so that no
 * client is slowed by a cold broker or disk. Round 0 is the first work of a client's process.
 *
 * <p>Used by one thread, except for {@link #stop}.
 */
public final class ThroughputBench {
    private static final int BROKER_WARM_UP_DRAINS = 2;
    private static final String TOPIC = "bench";

    private final ThroughputPlan plan;
    private final Watcher watcher;
    private final Map<Client, ClientProcess> processes = Collections.synchronizedMap(new LinkedHashMap<>());
    private volatile boolean stopped;

    /** Receives the progress of the bench, on the thread that runs it. */
    public interface Watcher {
        /** Receives a line about the progress. */
        void said(String line);

        /** Receives the figures of a round that has ended. */
        void measured(RoundFigures round);
    }

    /** Makes a bench that does nothing yet. */
    public ThroughputBench(ThroughputPlan plan, Watcher watcher) {
        this.plan = plan;
        this.watcher = watcher;
    }

    /**
     * Measures everything in the plan. A client that cannot run on this machine is skipped, and the watcher receives
     * the reason.
     *
     * @throws BenchFailedException if a client does not deliver exactly what was written
     * @throws CancellationException if {@link #stop} was called
     */
    public void run() {
        List<Client> clients = new ArrayList<>(plan.clients());
        try (KafkaCluster cluster = KafkaCluster.withBrokers(1);
                NativeProgram program = program(clients)) {
            if (clients.isEmpty()) {
                throw new BenchFailedException("none of the clients can run on this machine", null);
            }
            for (Workload workload : plan.workloads()) {
                measure(cluster, workload, clients, program);
            }
        } catch (RuntimeException e) {
            // After the processes are killed, each wait for one of them fails with an error of its own.
            throw stopped ? new CancellationException("stopped before the end") : e;
        }
    }

    /** Ends the run soon; {@link #run} then throws. Safe from any thread. */
    public void stop() {
        stopped = true;
        synchronized (processes) {
            processes.values().forEach(ClientProcess::kill);
        }
    }

    /**
     * Compiles the librdkafka program if it is wanted. If that is not possible, kcat replaces it where it is installed.
     */
    private @Nullable NativeProgram program(List<Client> clients) {
        if (clients.contains(Client.KCAT) && !KcatProcess.isInstalled()) {
            clients.remove(Client.KCAT);
            watcher.said("kcat is skipped: there is none on PATH (Debian: apt-get install kcat)");
        }
        if (!clients.contains(Client.LIBRDKAFKA)) {
            return null;
        }
        Optional<NativeProgram> compiled = NativeProgram.compile();
        if (compiled.isPresent()) {
            watcher.said("librdkafka " + compiled.get().version());
            return compiled.get();
        }
        boolean withKcat = !clients.contains(Client.KCAT) && KcatProcess.isInstalled();
        watcher.said((withKcat ? "kcat takes the place of librdkafka, which" : "librdkafka is skipped: it")
                + " needs cc and librdkafka's header files (Debian: apt-get install gcc librdkafka-dev)");
        clients.replaceAll(client -> withKcat && client == Client.LIBRDKAFKA ? Client.KCAT : client);
        clients.remove(Client.LIBRDKAFKA);
        return null;
    }

    private void measure(
            KafkaCluster cluster, Workload workload, List<Client> clients, @Nullable NativeProgram program) {
        cluster.createTopic(TOPIC, workload.partitions(), 1);
        try {
            watcher.said(String.format(
                    Locale.ROOT,
                    "%s: writing %,d records in batches of %,d bytes",
                    workload.name(),
                    workload.records(),
                    workload.batchBytes()));
            WrittenTopic topic = TopicWriter.write(cluster.bootstrapServers(), TOPIC, workload, () -> stopped);
            watcher.said(sizeOnDisk(cluster, workload));
            for (int i = 0; i < BROKER_WARM_UP_DRAINS; i++) {
                Round.run(Client.WIRE, topic);
            }
            start(clients, topic, program);
            round(0, clients, result -> report(workload, 0, result));
            for (int i = 0; i < plan.warmUps(); i++) {
                round(i, clients, result -> {});
            }
            for (int i = 1; i <= plan.warmRounds(); i++) {
                int number = i;
                round(i, clients, result -> report(workload, number, result));
            }
        } finally {
            List.copyOf(processes.values()).forEach(ClientProcess::close);
            processes.clear();
        }
        cluster.deleteTopic(TOPIC);
    }

    private String sizeOnDisk(KafkaCluster cluster, Workload workload) {
        try {
            long bytes = cluster.admin().describeLogDirs(cluster.brokerIds()).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .map(LogDirDescription::replicaInfos)
                    .flatMap(replicas -> replicas.entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(TOPIC))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
            return String.format(
                    Locale.ROOT,
                    "%s: %,d MB of values take %,d MB in the log (%.1f : 1)",
                    workload.name(),
                    workload.bytes() / 1_000_000,
                    bytes / 1_000_000,
                    (double) workload.bytes() / bytes);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot ask for the size of the log", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private void start(List<Client> clients, WrittenTopic topic, @Nullable NativeProgram program) {
        for (Client client : clients) {
            processes.put(client, start(client, topic, program));
            if (stopped) {
                throw new CancellationException("stopped while starting the clients");
            }
        }
    }

    private ClientProcess start(Client client, WrittenTopic topic, @Nullable NativeProgram program) {
        return switch (client) {
            case SUREFOOT,
                    SUREFOOT_VISIT,
                    SUREFOOT_GROUP_CLASSIC,
                    SUREFOOT_GROUP_CONSUMER,
                    KAFKA_CLASSIC,
                    KAFKA_CONSUMER,
                    KAFKA_TUNED,
                    KAFKA_GROUP_CLASSIC,
                    KAFKA_GROUP_CONSUMER,
                    WIRE,
                    WIRE_PIECES -> WorkerProcess.ofJvm(client, topic, plan.jvmFlags());
            case LIBRDKAFKA ->
                WorkerProcess.ofProgram(
                        client, topic, Objects.requireNonNull(program).path());
            case KCAT -> new KcatProcess(topic);
        };
    }

    /** The result of one client in one round. */
    private record Done(Client client, RoundResult result) {}

    private void round(int number, List<Client> clients, Consumer<Done> taker) {
        List<Client> order = new ArrayList<>(clients);
        Collections.rotate(order, -number);
        for (Client client : order) {
            ClientProcess process = processes.get(client);
            if (process != null) {
                taker.accept(new Done(client, process.round(number)));
            }
        }
    }

    private void report(Workload workload, int round, Done done) {
        watcher.measured(figures(workload, done.client(), round, done.result()));
    }

    private static RoundFigures figures(Workload workload, Client client, int round, RoundResult result) {
        double gigabytes = workload.bytes() / 1e9;
        Long allocated = result.allocatedBytes();
        Long gcMillis = result.gcMillis();
        Long peak = result.peakMemoryBytes();
        Double firstRecord = result.firstRecordMillis();
        return new RoundFigures(
                workload.name(),
                client.label(),
                round,
                round == 0,
                result.records(),
                workload.valueBytes(),
                workload.compression().configValue(),
                rounded(result.records() / result.seconds(), 1),
                rounded(workload.bytes() / 1e6 / result.seconds(), 1000),
                rounded(result.cpuSeconds() / gigabytes, 10_000),
                allocated == null ? null : rounded((double) allocated / result.records(), 100),
                gcMillis == null ? null : (double) gcMillis,
                peak == null ? null : (double) peak,
                firstRecord == null ? null : rounded(firstRecord, 1000),
                result.firstSecondRecords());
    }

    private static double rounded(double value, int places) {
        return (double) Math.round(value * places) / places;
    }
}
