package dev.surefoot.testkit.simulation.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.testkit.simulation.coordinator.CoordinatorLedger;
import dev.surefoot.testkit.simulation.coordinator.GroupAnswers;
import dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel;
import dev.surefoot.testkit.simulation.coordinator.GroupReply;
import dev.surefoot.testkit.simulation.coordinator.GroupSettings;
import dev.surefoot.testkit.simulation.coordinator.LeaderChoice;
import dev.surefoot.testkit.simulation.coordinator.TopicCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Members of one classic group and the model of its coordinator, in one virtual time. */
final class MembershipWorld {
    static final int NODES = 2;
    static final String GROUP = "group";
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private record Event(long atMs, long number, Runnable action) {}

    final List<Node> nodes = List.of(new Node(1, "one", 9092), new Node(2, "two", 9092));
    final TopicCatalog catalog;
    final GroupCoordinatorModel model;
    final List<WorldMember> members = new ArrayList<>();
    /** Listeners last up to so long. */
    int listenerMaxMs = 200;

    private final boolean eager;
    private final SplittableRandom random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparingLong(Event::number));
    private final Map<Integer, Long> downUntilMs = new TreeMap<>();
    private long nowMs = 1_000;
    private long eventNumber;

    MembershipWorld(boolean eager, long seed) {
        this.eager = eager;
        random = new SplittableRandom(seed);
        catalog = new TopicCatalog(random.split());
        model = new GroupCoordinatorModel(
                GroupSettings.defaults(), catalog, nodes.get(0), LeaderChoice.FIRST, random.nextLong());
    }

    long nowMs() {
        return nowMs;
    }

    long nowNanos() {
        return nowMs * 1_000_000;
    }

    long latencyMs() {
        return 1 + random.nextInt(5);
    }

    void after(long delayMs, Runnable action) {
        events.add(new Event(nowMs + delayMs, eventNumber++, action));
    }

    boolean isUp(int nodeId) {
        return downUntilMs.getOrDefault(nodeId, 0L) <= nowMs;
    }

    /** No connection to a broker works for a time. */
    void takeDown(int nodeId, long forMs) {
        downUntilMs.put(nodeId, nowMs + forMs);
        members.forEach(member -> member.link.cut(nodeId));
        after(forMs, () -> members.forEach(WorldMember::turn));
    }

    /** A request arrives at a broker. */
    void receive(int nodeId, ApiMessage request, int version, GroupReply reply) {
        Node host = model.host();
        boolean isFind = request.apiKey() == 10;
        if (isFind || host == null || host.id() == nodeId) {
            model.receive(request, version, "client", nowMs, reply);
        } else {
            reply.answer(GroupAnswers.refusal(request, version, Errors.NOT_COORDINATOR));
        }
    }

    /** Lets this much time go by. */
    void run(long forMs) {
        long end = nowMs + forMs;
        while (true) {
            long next =
                    Math.min(events.isEmpty() ? Long.MAX_VALUE : events.peek().atMs(), model.nextDeadlineMs());
            for (WorldMember member : members) {
                next = Math.min(next, ceilMs(member.deadlineNanos()));
            }
            if (next > end) {
                break;
            }
            nowMs = Math.max(nowMs, next);
            model.turn(nowMs);
            while (!events.isEmpty() && events.peek().atMs() <= nowMs) {
                events.remove().action().run();
                checkOwners();
            }
            for (WorldMember member : members) {
                if (member.deadlineNanos() <= nowNanos()) {
                    member.turn();
                }
            }
        }
        nowMs = end;
    }

    private static long ceilMs(long nanos) {
        return nanos == Long.MAX_VALUE ? nanos : (nanos + 999_999) / 1_000_000;
    }

    /** G3: what is assigned is what the coordinator has granted in that generation. */
    void checkGranted(WorldMember member, GroupNotice.Assigned notice) {
        Set<Set<TopicPartition>> granted = model.ledger().grants().stream()
                .filter(grant -> grant.memberId().equals(notice.identity().memberId())
                        && grant.generationOrEpoch() == notice.identity().epoch())
                .map(CoordinatorLedger.Grant::partitions)
                .collect(Collectors.toSet());
        assertThat(granted)
                .as("g3: grants to %s in %s", member, notice.identity())
                .contains(new HashSet<>(notice.owned()));
    }

    /** G4: no partition has two owners whom the coordinator counts, in EAGER at one generation. */
    private void checkOwners() {
        Map<TopicPartition, WorldMember> owners = new TreeMap<>(ORDER);
        Map<String, Integer> counted = null;
        for (WorldMember member : members) {
            for (TopicPartition partition : member.owned) {
                WorldMember other = owners.putIfAbsent(partition, member);
                if (other == null) {
                    continue;
                }
                if (counted == null) {
                    counted = new TreeMap<>();
                    for (var view : model.members(GROUP)) {
                        counted.put(view.memberId(), view.generationOrEpoch());
                    }
                }
                boolean both = isCounted(member, counted) && isCounted(other, counted);
                boolean same = member.membership.identity().epoch()
                        == other.membership.identity().epoch();
                // A static member that has missed the rebalance timeout is counted still, and what it has is given
                // away.
                boolean missed = hasMissedRound(member, other) || hasMissedRound(other, member);
                assertThat(both && !missed && (same || !eager))
                        .as(
                                "g4: at %d ms %s has two owners, %s %s and %s %s",
                                nowMs,
                                partition,
                                member,
                                member.membership.identity(),
                                other,
                                other.membership.identity())
                        .isFalse();
            }
        }
    }

    private static boolean hasMissedRound(WorldMember member, WorldMember other) {
        MemberIdentity identity = member.membership.identity();
        return identity.instanceId() != null
                && identity.epoch() < other.membership.identity().epoch();
    }

    private static boolean isCounted(WorldMember member, Map<String, Integer> counted) {
        return member.membership.isMember()
                && counted.containsKey(member.membership.identity().memberId());
    }
}
