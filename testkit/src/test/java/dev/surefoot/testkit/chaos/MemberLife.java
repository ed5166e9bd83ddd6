package dev.surefoot.testkit.chaos;

import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.testkit.group.GroupLedger;
import dev.surefoot.testkit.group.Ownership;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;

/**
 * One consumer in a group, from its first poll to its end. It processes what it is given, commits in its style, stalls,
 * subscribes anew, asks for rebalances and for offsets, and then leaves or crashes, all at random. Any exception but
 * those that tell of a rebalance or of time that is up ends the test.
 */
final class MemberLife implements ConsumerRebalanceListener {
    /** When offsets are committed. */
    enum Style {
        /** After the records of each poll, waiting for the outcome. */
        SYNC,
        /** After the records of each poll, without waiting, and with waiting when partitions are revoked. */
        ASYNC,
        /** By {@code enable.auto.commit}. */
        AUTO
    }

    /** Above {@code max.poll.interval.ms}. */
    private static final int LONG_STALL_MS = 9_500;

    private final String name;
    private final Style style;
    private final List<String> topics;
    private final GroupLedger ledger;
    private final ChaosWatch watch;
    private final SplittableRandom random;
    private final Lifeline lifeline;
    private final Consumer<byte[], byte[]> consumer;
    private final long endNanos;
    private boolean dead;

    MemberLife(
            String name,
            Style style,
            Map<String, Object> config,
            List<String> topics,
            GroupLedger ledger,
            ChaosWatch watch,
            SplittableRandom random) {
        this.name = name;
        this.style = style;
        this.topics = topics;
        this.ledger = ledger;
        this.watch = watch;
        this.random = random;
        this.lifeline = new Lifeline();
        Map<String, Object> own = new HashMap<>(config);
        own.put("client.id", ledger.group() + "/" + name);
        consumer = SeamedConsumers.open(own, null, null, lifeline.seams());
        endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_000 + random.nextInt(20_000));
    }

    /** Works until its end. */
    void run() {
        ledger.story().tell(name, "joins");
        try {
            consumer.subscribe(topics, this);
            while (watch.isRunning() && (System.nanoTime() < endNanos || !watch.isFaulty())) {
                work();
            }
        } catch (UnreleasedInstanceIdException | FencedInstanceIdException e) {
            // The one before, with this instance id, crashed, and its session goes on; or the coordinator moved while
            // it rebalanced the group, and the new one knows the member id of the one before only.
            ledger.story().tell(name, e.toString());
            close();
            return;
        } catch (RuntimeException e) {
            ledger.story().tell(name, "fails: " + e);
            crash();
            throw e;
        }
        if (watch.isFaulty() && random.nextBoolean()) {
            processSomeAndCrash();
        } else {
            close();
        }
    }

    private void work() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(random.nextInt(100)));
        records.forEach(record -> ledger.processed(name, record));
        if (!records.isEmpty()) {
            commit(records);
        }
        if (watch.isFaulty()) {
            behave();
        } else {
            consumer.resume(consumer.paused());
        }
    }

    private void commit(ConsumerRecords<byte[], byte[]> records) {
        switch (style) {
            case SYNC ->
                withinTheGroup(() -> {
                    if (random.nextBoolean()) {
                        consumer.commitSync(records.nextOffsets(), Duration.ofSeconds(5));
                    } else {
                        consumer.commitSync(Duration.ofSeconds(5));
                    }
                });
            case ASYNC -> {
                if (random.nextBoolean()) {
                    consumer.commitAsync(records.nextOffsets(), null);
                } else {
                    consumer.commitAsync();
                }
            }
            case AUTO -> {}
        }
    }

    /** Most polls are followed by nothing, so that the group gets somewhere. */
    private void behave() {
        int act = random.nextInt(1_000);
        if (act == 0) {
            stall(random.nextInt(5) == 0 ? LONG_STALL_MS : random.nextInt(4_000));
        } else if (act < 6) {
            stall(random.nextInt(500));
        } else if (act < 8) {
            consumer.enforceRebalance("chaos");
        } else if (act < 10) {
            ledger.story().tell(name, "unsubscribes");
            consumer.unsubscribe();
            consumer.subscribe(topics, this);
        } else if (act < 40) {
            consumer.pause(consumer.assignment());
        } else if (act < 120) {
            consumer.resume(consumer.paused());
        } else if (act < 130) {
            withinTheGroup(() -> consumer.committed(consumer.assignment(), Duration.ofMillis(500)));
        } else if (act < 140) {
            consumer.assignment()
                    .forEach(partition -> withinTheGroup(() -> consumer.position(partition, Duration.ofMillis(50))));
        }
    }

    private void stall(long ms) {
        if (ms > 1_000) {
            ledger.story().tell(name, "stalls for " + ms + " ms");
        }
        watch.idle(ms);
    }

    /** Dies in the middle of its work: what it has not processed yet must not be committed. */
    private void processSomeAndCrash() {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
            int some = random.nextInt(records.count() + 1);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (some-- == 0) {
                    break;
                }
                ledger.processed(name, record);
            }
        } finally {
            crash();
        }
    }

    private void crash() {
        lifeline.cut();
        dead = true;
        ledger.crashed(name);
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (KafkaException e) {
            ledger.story().tell(name, "is tidied away: " + e);
        }
    }

    private void close() {
        ledger.story().tell(name, "closes");
        if (random.nextInt(4) == 0) {
            consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP)
                    .withTimeout(Duration.ofSeconds(20)));
        } else {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(20)));
        }
        ledger.closed(name);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!dead) {
            ConsumerGroupMetadata identity = consumer.groupMetadata();
            ledger.assigned(name, partitions, identity.memberId() + " in " + identity.generationId());
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (dead) {
            return;
        }
        if (style == Style.ASYNC || (style == Style.SYNC && random.nextBoolean())) {
            withinTheGroup(() -> consumer.commitSync(Duration.ofSeconds(5)));
        }
        if (watch.isFaulty() && random.nextInt(10) == 0) {
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2_000)).toNanos());
        }
        ledger.ended(name, partitions, Ownership.End.REVOKED);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        if (!dead) {
            ledger.ended(name, partitions, Ownership.End.LOST);
        }
    }

    /** What a member of a group has to expect of an outage or a rebalance. */
    private static void withinTheGroup(Runnable action) {
        try {
            action.run();
        } catch (TimeoutException | CommitFailedException | RebalanceInProgressException e) {
            // What was not committed is processed again, by this member or by another one.
        }
    }
}
