package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.LONG;
import static dev.surefoot.testkit.consumer.Members.SHORT;
import static dev.surefoot.testkit.consumer.Members.count;
import static dev.surefoot.testkit.consumer.Members.group;
import static dev.surefoot.testkit.consumer.Members.open;
import static dev.surefoot.testkit.consumer.Members.pollUntilAssigned;
import static dev.surefoot.testkit.consumer.Members.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a member can do whose coordinator holds a request of it back. */
@Timeout(120)
@Tag("thorough")
class GroupHeldBackContractTest {

    /** Takes its time with the plan for two members. */
    public static final class Slow extends RangeAssignor {
        private static final AtomicReference<CountDownLatch> BEGUN = new AtomicReference<>();
        private static final AtomicReference<CountDownLatch> LET_GO = new AtomicReference<>();

        static void prepare() {
            BEGUN.set(new CountDownLatch(1));
            LET_GO.set(new CountDownLatch(1));
        }

        @Override
        public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
            if (group.groupSubscription().size() > 1) {
                BEGUN.get().countDown();
                awaitUninterrupted(LET_GO.get());
            }
            return super.assign(metadata, group);
        }

        private static void awaitUninterrupted(CountDownLatch latch) {
            try {
                assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A coordinator does not answer the SyncGroup of a member that has left since. */
    @ParameterizedTest
    @EnumSource(Client.class)
    void whoUnsubscribesWhileTheLeaderAssignsMayCommitAndSubscribeAgain(Client client) throws InterruptedException {
        Slow.prepare();
        String topic = written(2);
        String group = group();
        Object[] slow = {"partition.assignment.strategy", Slow.class.getName(), "heartbeat.interval.ms", "500"};
        try (Consumer<byte[], byte[]> follower = open(client, "classic", group, slow)) {
            AtomicInteger owned = new AtomicInteger();
            AtomicBoolean ends = new AtomicBoolean();
            Thread leader = new Thread(() -> {
                try (Consumer<byte[], byte[]> consumer = open(client, "classic", group, slow)) {
                    consumer.subscribe(List.of(topic));
                    while (!ends.get()) {
                        consumer.poll(SHORT);
                        owned.set(consumer.assignment().size());
                    }
                }
            });
            leader.start();
            try {
                Await.until("the leader owns all", LONG, () -> owned.get() == 2);
                follower.subscribe(List.of(topic));
                Await.until("the leader assigns", LONG, () -> {
                    follower.poll(SHORT);
                    return Slow.BEGUN.get().getCount() == 0;
                });
                follower.poll(SHORT);
                follower.unsubscribe();
                if (client == Client.SUREFOOT) { // the other tells the coordinator when that has answered
                    Await.until("the coordinator knows of the leave", LONG, () -> count(group) == 1);
                }
                follower.subscribe(List.of(topic));
                Slow.LET_GO.get().countDown();
                pollUntilAssigned(follower, 1);
                Set<TopicPartition> mine = follower.assignment();
                follower.commitSync(Map.of(mine.iterator().next(), new OffsetAndMetadata(0)));
            } finally {
                Slow.LET_GO.get().countDown();
                ends.set(true);
                leader.join();
            }
        }
    }
}
