package dev.surefoot.bench.rebalance;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** A member of a group, with a thread of its own that polls until the member leaves. */
final class Member implements ConsumerRebalanceListener {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(20);
    private static final long JOIN_BOUND_MS = TimeUnit.SECONDS.toMillis(30);

    private final int number;
    private final FlowBoard board;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean ends;
    private volatile @Nullable Throwable failure;

    private Member(int number, RebalanceOrder order, FlowBoard board) {
        this.number = number;
        this.board = board;
        this.consumer = order.subject().open(config(order, number));
        this.thread = new Thread(() -> live(order.topic()), "member-" + number);
    }

    /** Starts a member. */
    static Member start(int number, RebalanceOrder order, FlowBoard board) {
        Member member = new Member(number, order, board);
        member.thread.start();
        return member;
    }

    private static Map<String, Object> config(RebalanceOrder order, int number) {
        Map<String, Object> config = new HashMap<>(order.kind().config(order.sessionTimeoutMs(), order.heartbeatMs()));
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, order.bootstrapServers());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, order.groupId());
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "member-" + number);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return config;
    }

    private void live(String topic) {
        try {
            consumer.subscribe(List.of(topic), this);
            while (!ends) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                for (TopicPartition each : polled.partitions()) {
                    board.delivered(each.partition(), polled.records(each).size());
                }
            }
        } catch (WakeupException e) {
            // Only leave wakes up the consumer.
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            close();
        }
    }

    private void close() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_BOUND));
        } catch (RuntimeException | Error e) {
            failure = failure == null ? e : failure;
        }
    }

    /** Has the member leave the group; returns without waiting for it. */
    void leave() {
        ends = true;
        consumer.wakeup();
    }

    /** Waits until the member's thread has ended. */
    void awaitEnd() throws InterruptedException {
        thread.join(JOIN_BOUND_MS);
        if (thread.isAlive()) {
            throw new IllegalStateException("member " + number + " does not end");
        }
    }

    /** @throws IllegalStateException if the member has failed */
    void requireSound() {
        Throwable seen = failure;
        if (seen != null) {
            throw new IllegalStateException("member " + number + " failed: " + seen, seen);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        board.assigned(number, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        board.revoked(number, partitions);
    }
}
