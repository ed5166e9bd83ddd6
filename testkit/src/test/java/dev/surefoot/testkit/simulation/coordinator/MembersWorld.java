package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Several members of one group, and the model of their coordinator, in virtual time. What must hold is checked at every
 * step, by the books of the coordinator and by what the applications were told.
 */
final class MembersWorld {
    static final String GROUP = "g";
    static final int SESSION_MS = 15_000;
    static final int INTERVAL_MS = 3_000;
    static final int MAX_POLL_MS = 20_000;

    private record Event(long atMs, long number, Runnable what) {}

    final SplittableRandom random;
    final TopicCatalog topics;
    final GroupCoordinatorModel coordinator;
    final List<SimulatedMember> members = new ArrayList<>();
    /** How often, in thousand, a request or its answer is lost. */
    int lossPerMille;

    private final List<Node> nodes = List.of(new Node(1, "one", 9092), new Node(2, "two", 9092));
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparingLong(Event::number));
    private final Map<TopicIdPartition, String> owners = new HashMap<>();
    private long numbers;
    private long nowMs = 1_000;
    private int created;
    private long absentUntilMs = -1;
    int fencings;
    int expiries;

    MembersWorld(long seed, ConsumerGroupSettings settings) {
        random = new SplittableRandom(seed);
        topics = new TopicCatalog(random.split());
        topics.create("orders", 6);
        topics.create("bills", 3);
        coordinator = new GroupCoordinatorModel(
                GroupSettings.defaults(),
                settings.withTimes(SESSION_MS, INTERVAL_MS, 1_000),
                topics,
                nodes.get(0),
                candidates -> candidates.get(0),
                seed);
    }

    long nowMs() {
        return nowMs;
    }

    long nowNanos() {
        return TimeUnit.MILLISECONDS.toNanos(nowMs);
    }

    boolean chance(int perMille) {
        return random.nextInt(1_000) < perMille;
    }

    int between(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    void after(long millis, Runnable what) {
        events.add(new Event(nowMs + millis, numbers++, what));
    }

    SimulatedMember add(@Nullable String instanceId) {
        SimulatedMember member = new SimulatedMember(this, ++created, instanceId);
        members.add(member);
        return member;
    }

    void moveCoordinator(long absentMs, long loadingMs) {
        Node host = coordinator.host();
        Node next = host == null || host.id() == 2 ? nodes.get(0) : nodes.get(1);
        coordinator.move(next, nowMs, absentMs, loadingMs);
        absentUntilMs = Math.max(absentUntilMs, nowMs + absentMs + loadingMs);
    }

    /** Whether the coordinator was nowhere, or loaded, at some moment after this one. */
    boolean wasAbsentSince(long sinceMs) {
        return absentUntilMs >= sinceMs;
    }

    /** Runs until this much time has passed. */
    void run(long millis) {
        long endMs = nowMs + millis;
        while (true) {
            long nextMs = Math.min(coordinator.nextDeadlineMs(), endMs);
            if (!events.isEmpty()) {
                nextMs = Math.min(nextMs, events.peek().atMs());
            }
            for (SimulatedMember member : members) {
                long dueMs = member.dueMs();
                assertThat(dueMs).as("the next turn of %s lies ahead", member).isGreaterThan(nowMs);
                nextMs = Math.min(nextMs, dueMs);
            }
            nowMs = Math.max(nowMs, nextMs);
            coordinator.turn(nowMs);
            while (!events.isEmpty() && events.peek().atMs() <= nowMs) {
                events.remove().what().run();
            }
            List.copyOf(members).forEach(SimulatedMember::turn);
            check();
            if (nowMs >= endMs) {
                return;
            }
        }
    }

    // What must hold at every step.

    /** No partition has two owners that the coordinator counts at the epochs that they have. */
    private void check() {
        ConsumerGroupBooks books = coordinator.consumerGroup(GROUP);
        if (books == null) {
            return;
        }
        owners.clear();
        for (SimulatedMember member : members) {
            ConsumerGroupMember counted = books.byId().get(member.memberId());
            boolean isCounted = counted != null && counted.current().epoch() == member.epoch() && member.epoch() > 0;
            if (isCounted) {
                for (TopicIdPartition partition : member.owned()) {
                    String other = owners.put(partition, member.memberId());
                    assertThat(other)
                            .as("at %d ms %s is owned by two: %s and", nowMs, partition, member)
                            .isNull();
                }
            }
        }
    }

    /** Whether all members are at the newest epoch and own all partitions between them. */
    @Nullable String whyUnstable(Set<String> subscribed) {
        ConsumerGroupBooks books = coordinator.consumerGroup(GROUP);
        if (books == null) {
            return "there is no group";
        }
        Set<String> owned = new TreeSet<>();
        for (SimulatedMember member : members) {
            ConsumerGroupMember counted = books.byId().get(member.memberId());
            if (counted == null
                    || member.epoch() != books.epoch()
                    || counted.current().epoch() != books.epoch()) {
                return member + " is not at epoch " + books.epoch() + ": " + counted;
            }
            if (counted.current().state() != MemberState.STABLE || member.isRebalancing()) {
                return member + " is not stable: " + counted;
            }
            member.owned().forEach(partition -> owned.add(partition.toString()));
        }
        Set<String> all = new TreeSet<>();
        for (String name : subscribed) {
            TopicCatalog.Topic topic = topics.topic(name);
            for (int i = 0; topic != null && i < topic.partitions(); i++) {
                all.add(new TopicIdPartition(topic.id(), i, name).toString());
            }
        }
        if (books.byId().size() != members.size()) {
            return "the coordinator counts " + books.byId().keySet();
        }
        return owned.equals(all) ? null : owned + " is owned of " + all;
    }

    /** A request claims all that the application owns, and no more than it was told to own. */
    void checkClaim(SimulatedMember member, ConsumerGroupHeartbeatRequest request) {
        if (request.owned() == null) {
            return;
        }
        Set<String> claimed = new TreeSet<>();
        request.owned().forEach((id, partitions) -> partitions.forEach(number -> claimed.add(id + "-" + number)));
        assertThat(claimed).as("%s claims what it owns", member).containsAll(ids(member.owned()));
        assertThat(ids(member.told())).as("%s owns what it claims", member).containsAll(claimed);
    }

    private static Set<String> ids(Set<TopicIdPartition> partitions) {
        Set<String> ids = new TreeSet<>();
        partitions.forEach(partition -> ids.add(partition.topicId() + "-" + partition.partition()));
        return ids;
    }
}
