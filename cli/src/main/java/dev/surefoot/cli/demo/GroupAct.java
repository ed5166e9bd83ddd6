package dev.surefoot.cli.demo;

import dev.surefoot.cli.console.Progress;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Reads the demo's topic with a group of three members, each in a process of its own, and kills one of them when half
 * of the records are processed.
 */
final class GroupAct {

    /** The broker gives the partitions of a member away that it has not heard of for so long. */
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(4);

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(400);
    private static final List<String> MEMBERS = List.of("A", "B", "C");
    private static final String KILLED = "B";
    private static final String GROUP = "demo-group";

    /** The members are as slow as if all of them together took this long. */
    private static final long ALL_TAKE_SECONDS = 4;

    private static final long POLLS_PER_SECOND = 25;

    /** This long without progress is a failure. Longer than a session: nobody reads what the dead one left. */
    private static final Duration STALL_AFTER = SESSION_TIMEOUT.plusSeconds(16);

    private static final long STEP_MS = 20;

    private final KafkaCluster cluster;
    private final String topic;
    private final int partitions;
    private final ProcessedRecords ledger;
    private final Map<String, Integer> owned = new ConcurrentHashMap<>();

    GroupAct(KafkaCluster cluster, String topic, int partitions, long records) {
        this.cluster = cluster;
        this.topic = topic;
        this.partitions = partitions;
        this.ledger = new ProcessedRecords(records, partitions, KILLED);
    }

    /** Returns what the broker of a demo must be told about groups. */
    static Map<String, String> brokerConfig() {
        String session = Long.toString(SESSION_TIMEOUT.toMillis());
        String heartbeat = Long.toString(HEARTBEAT_INTERVAL.toMillis());
        return Map.of(
                "group.consumer.min.session.timeout.ms", session,
                "group.consumer.session.timeout.ms", session,
                "group.consumer.min.heartbeat.interval.ms", heartbeat,
                "group.consumer.heartbeat.interval.ms", heartbeat,
                "group.consumer.assignment.interval.ms", "0");
    }

    /**
     * Plays the act.
     *
     * @param story receives what happens
     * @throws InterruptException if the demo is asked to stop
     */
    GroupResult play(PrintStream story, Progress progress, Termination termination) {
        Thread waiting = Thread.currentThread();
        List<MemberProcess> members = new ArrayList<>();
        termination.toStop(waiting::interrupt);
        try {
            for (String name : MEMBERS) {
                members.add(MemberProcess.start(name, arguments(), report -> report.to(reader(name))));
            }
            return play(members, story, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } finally {
            termination.toStop(() -> {});
            members.forEach(MemberProcess::close);
        }
    }

    private List<String> arguments() {
        long perSecond = Math.max(1, ledger.records() / MEMBERS.size() / ALL_TAKE_SECONDS);
        long perPoll = Math.max(1, Math.min(Integer.MAX_VALUE, perSecond / POLLS_PER_SECOND));
        return List.of(cluster.bootstrapServers(), topic, GROUP, Long.toString(perSecond), Long.toString(perPoll));
    }

    private MemberReport.Reader reader(String member) {
        return new MemberReport.Reader() {
            @Override
            public void owns(MemberReport.Owns report) {
                owned.put(member, report.partitions());
            }

            @Override
            public void processed(MemberReport.Processed report) {
                ledger.enter(member, report);
            }
        };
    }

    private GroupResult play(List<MemberProcess> members, PrintStream story, Progress progress)
            throws InterruptedException {
        await(members, "the members have divided the partitions", progress, this::isDivided);
        long begunNanos = System.nanoTime();
        members.forEach(MemberProcess::begin);
        long half = Math.max(1, ledger.records() / 2);
        await(members, "half of the records are processed", progress, () -> ledger.distinct() >= half);

        MemberProcess victim = members.get(MEMBERS.indexOf(KILLED));
        victim.kill();
        long killedNanos = System.nanoTime();
        victim.awaitEnd();
        long atKill = ledger.distinct();
        committed().forEach((partition, next) -> ledger.enterCommittedAtKill(partition.partition(), next.offset()));
        progress.remark(KILLED + " is dead");
        story.printf(
                Locale.ROOT,
                "Killed %s when %,d records were processed; it had processed %,d, %,d of them not committed yet%n",
                KILLED,
                atKill,
                ledger.accounts()
                        .getOrDefault(KILLED, new ProcessedRecords.Account(0, 0))
                        .processed(),
                ledger.uncommittedAtKill());

        List<MemberProcess> survivors = new ArrayList<>(members);
        survivors.remove(victim);
        await(survivors, "the others have processed what it left", progress, ledger::isComplete);
        long endNanos = System.nanoTime();
        for (MemberProcess each : survivors) {
            each.stop();
        }
        for (MemberProcess each : survivors) {
            each.awaitEnd();
        }
        long committed = committed().values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
        return new GroupResult(
                ledger,
                KILLED,
                committed,
                Duration.ofNanos(endNanos - killedNanos),
                Duration.ofNanos(endNanos - begunNanos));
    }

    private boolean isDivided() {
        int each = partitions / MEMBERS.size();
        return MEMBERS.stream().allMatch(name -> owned.getOrDefault(name, 0) == each);
    }

    /**
     * Waits for a condition.
     *
     * @throws IllegalStateException if nothing is processed for long, or a member ends by itself
     */
    private void await(List<MemberProcess> alive, String what, Progress progress, BooleanSupplier condition)
            throws InterruptedException {
        long seen = -1;
        long changedNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            alive.forEach(MemberProcess::requireAlive);
            TimeUnit.MILLISECONDS.sleep(STEP_MS);
            long distinct = ledger.distinct();
            long now = System.nanoTime();
            if (distinct != seen) {
                seen = distinct;
                changedNanos = now;
                progress.reached(distinct);
            } else if (now - changedNanos > STALL_AFTER.toNanos()) {
                throw new IllegalStateException("Waited " + STALL_AFTER.toSeconds() + " s in vain until " + what);
            }
        }
        progress.reached(ledger.distinct());
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws InterruptedException {
        try {
            return new HashMap<>(cluster.admin()
                    .listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get());
        } catch (ExecutionException e) {
            throw new KafkaException("The committed offsets of the demo's group cannot be looked up", e.getCause());
        }
    }
}
