package dev.surefoot.cli.demo;

import dev.surefoot.SurefootConsumer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * The process of one member of the demo's group. It subscribes with auto-commit, begins to process records at the first
 * byte on its standard input, and closes its consumer in order at the end of it.
 *
 * <p>Each line on standard output is a {@link MemberReport}. Those of a poll are written before the next poll, so
 * whatever is committed was reported before.
 */
final class GroupMember implements ConsumerRebalanceListener {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final SurefootConsumer<byte[], byte[]> consumer;
    private final long recordsPerSecond;
    private final PrintStream reports;
    private int owned;
    private volatile boolean begun;
    private volatile boolean ended;

    private GroupMember(SurefootConsumer<byte[], byte[]> consumer, long recordsPerSecond, PrintStream reports) {
        this.consumer = consumer;
        this.recordsPerSecond = recordsPerSecond;
        this.reports = reports;
    }

    /** Takes the broker's address, topic, group, the records to process in a second, and those of a poll. */
    public static void main(String[] args) {
        PrintStream reports = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        // Nobody reads what else the process may print, and a full pipe would stop it.
        System.setOut(System.err);
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, args[2]);
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
        config.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, 500);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, args[4]);
        try (SurefootConsumer<byte[], byte[]> consumer = SurefootConsumer.ofBytes(config)) {
            GroupMember member = new GroupMember(consumer, Long.parseLong(args[3]), reports);
            Thread input = new Thread(member::obeyInput, "demo-input");
            input.setDaemon(true);
            input.start();
            consumer.subscribe(List.of(args[1]), member);
            member.process();
        }
    }

    private void obeyInput() {
        try {
            while (System.in.read() >= 0) {
                begun = true;
            }
        } catch (IOException e) {
            System.err.println("Standard input failed: " + e);
        }
        ended = true;
    }

    private void process() {
        boolean paused = true;
        while (!ended) {
            if (paused && begun) {
                consumer.resume(consumer.assignment());
                paused = false;
            }
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (TopicPartition partition : polled.partitions()) {
                reports.println(
                        report(partition.partition(), polled.records(partition)).line());
            }
            reports.flush();
            // This is the work that each record takes.
            LockSupport.parkNanos(polled.count() * NANOS_PER_SECOND / recordsPerSecond);
        }
    }

    private static MemberReport report(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
        int damaged = 0;
        for (ConsumerRecord<byte[], byte[]> each : records) {
            if (!SequencedRecord.matches(each.value(), partition, each.offset())) {
                damaged++;
            }
        }
        return new MemberReport.Processed(
                partition,
                records.get(0).offset(),
                records.get(records.size() - 1).offset(),
                damaged);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!begun) {
            consumer.pause(partitions);
        }
        owned += partitions.size();
        reportOwned();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        owned -= partitions.size();
        reportOwned();
    }

    private void reportOwned() {
        reports.println(new MemberReport.Owns(owned).line());
        reports.flush();
    }
}
