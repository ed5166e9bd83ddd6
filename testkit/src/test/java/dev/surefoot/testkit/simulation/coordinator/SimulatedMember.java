package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.ConsumerMembership;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.group.GroupSettings.Timing;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Assigned;
import dev.surefoot.core.handover.GroupNotice.Left;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.GroupNotice.Revoked;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One consumer of {@link MembersWorld}: its membership, and an application that polls and answers notices. */
final class SimulatedMember {
    private final MembersWorld world;
    private final int index;
    private final Uuid id;
    private final TopicDirectory directory = new TopicDirectory();
    private final Coordinator coordinator;
    private final ConsumerMembership membership;
    private final MemberTransport transport;

    private final Deque<GroupNotice> mail = new ArrayDeque<>();
    private final Set<TopicIdPartition> owned = new HashSet<>();
    private final Map<String, Uuid> assignedIds = new HashMap<>();
    final List<KafkaException> raised = new ArrayList<>();
    private boolean refreshing;

    private boolean inPoll;
    private boolean handles;
    private boolean departs;
    private boolean gone;
    private long lastPollMs = -1;
    /** How often, in thousand polls, the application stays away for longer than it may. */
    int stallPerMille;

    SimulatedMember(MembersWorld world, int index, @Nullable String instanceId) {
        this.world = world;
        this.index = index;
        this.id = new Uuid(index, world.random.nextLong());
        Backoff backoff = new Backoff(100_000_000, 1_000_000_000, world.random.split());
        dev.surefoot.core.group.GroupSettings settings = new dev.surefoot.core.group.GroupSettings(
                MembersWorld.GROUP,
                instanceId,
                null,
                dev.surefoot.core.group.GroupSettings.Protocol.CONSUMER,
                new Timing(
                        MembersWorld.SESSION_MS,
                        MembersWorld.INTERVAL_MS,
                        MembersWorld.MAX_POLL_MS,
                        30_000_000_000L,
                        100_000_000,
                        1_000_000_000),
                List.of(),
                false,
                null,
                false);
        BrokerChoice any = new BrokerChoice() {
            @Override
            public Choice choose(Outbox outbox, long nowNanos) {
                return new Choice(1, true, null);
            }

            @Override
            public void tryNext() {}
        };
        this.coordinator = new Coordinator(MembersWorld.GROUP, 30_000_000_000L, any, backoff, this::apply);
        this.membership = new ConsumerMembership(settings, id, coordinator, directory, backoff, this::apply);
        this.transport = new MemberTransport(world, this);
        describe();
    }

    String memberId() {
        return id.toString();
    }

    int epoch() {
        return membership.isMember() ? membership.identity().epoch() : 0;
    }

    boolean isRebalancing() {
        return membership.isRebalancing();
    }

    boolean isDeparting() {
        return departs;
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /** What the listener was told to own and has not given up. */
    Set<TopicIdPartition> owned() {
        return owned;
    }

    /** The same, with what waits for the application to take it. */
    Set<TopicIdPartition> told() {
        Set<TopicIdPartition> told = new HashSet<>(owned);
        for (GroupNotice notice : mail) {
            if (notice instanceof Assigned assigned) {
                assigned.added().forEach(added -> told.add(identify(added)));
            }
        }
        return told;
    }

    private TopicIdPartition identify(TopicPartition added) {
        return new TopicIdPartition(assignedIds.get(added.topic()), added);
    }

    // The loop.

    void turn() {
        if (gone && !membership.isLeaving()) {
            return;
        }
        long pollMs = inPoll ? world.nowMs() : lastPollMs;
        Turn turn = new Turn(
                world.nowNanos(),
                0,
                0,
                0,
                false,
                pollMs < 0 ? Turn.NEVER_POLLED : TimeUnit.MILLISECONDS.toNanos(pollMs));
        // A second pass sends what an answer to the coordinator's look-up has made possible.
        for (int i = 0; i < 2; i++) {
            membership.dispatch(transport, turn);
            coordinator.dispatch(transport, turn);
        }
    }

    long dueMs() {
        if (gone && !membership.isLeaving()) {
            return Long.MAX_VALUE;
        }
        Deadlines deadlines = new Deadlines();
        deadlines.clear();
        membership.enterDeadlines(deadlines, world.nowNanos());
        coordinator.enterDeadlines(deadlines, world.nowNanos());
        long nanos = deadlines.earliestNanos();
        // The clock here has milliseconds: what is due within one is due at its end.
        return nanos == Long.MAX_VALUE ? nanos : (nanos + 999_999) / 1_000_000;
    }

    private void describe() {
        List<TopicMetadata> described = world.topics.topics().stream()
                .map(topic -> new TopicMetadata(
                        topic.name(),
                        topic.id(),
                        BrokerError.NONE,
                        false,
                        IntStream.range(0, topic.partitions())
                                .mapToObj(number -> new PartitionMetadata(
                                        number, BrokerError.NONE, 1, 0, List.of(), List.of(), List.of()))
                                .toList()))
                .toList();
        directory.update(new MetadataAnswer(BrokerError.NONE, 0, "cluster", List.of(), described), true);
        membership.clusterChanged(world.nowNanos());
    }

    // The application.

    void subscribe(Set<String> topics) {
        membership.subscribe(topics, null, world.nowNanos());
    }

    /** Polls again and again from now on. */
    void live() {
        if (!gone) {
            inPoll = true;
            lastPollMs = world.nowMs();
            turn();
            world.after(world.between(0, 300), this::endPoll);
            handle();
        }
    }

    private void endPoll() {
        if (gone || !inPoll) {
            return;
        }
        if (handles || !mail.isEmpty()) {
            handle();
            world.after(20, this::endPoll);
            return;
        }
        inPoll = false;
        lastPollMs = world.nowMs();
        boolean stalls = world.chance(stallPerMille);
        int awayMs = stalls ? MembersWorld.MAX_POLL_MS + world.between(100, 10_000) : world.between(0, 300);
        if (!departs) {
            world.after(awayMs, this::live);
        }
    }

    /** Takes the next notice, if there is one and none is being handled, and answers it when its listener returns. */
    private void handle() {
        if (handles || mail.isEmpty() || gone) {
            return;
        }
        GroupNotice notice = mail.removeFirst();
        handles = true;
        if (notice instanceof Left) {
            handles = false;
            handle();
            return;
        }
        if (notice instanceof Assigned assigned) {
            begin(assigned);
        }
        int slowPerMille = stallPerMille / 2;
        int runsMs = world.chance(slowPerMille) ? world.between(1_000, 25_000) : world.between(0, 50);
        world.after(runsMs, () -> settle(notice));
    }

    private void begin(Assigned assigned) {
        assertThat(assigned.identity().incarnation())
                .as("an assignment is of the present membership")
                .isEqualTo(membership.identity().incarnation());
        Set<TopicPartition> names = new HashSet<>();
        owned.forEach(partition -> names.add(partition.topicPartition()));
        for (TopicPartition added : assigned.added()) {
            assertThat(names).as("%s owns %s twice", this, added).doesNotContain(added);
            owned.add(identify(added));
        }
        assertThat(owned).hasSize(assigned.owned().size());
    }

    private void settle(GroupNotice notice) {
        if (gone) {
            return;
        }
        handles = false;
        if (notice instanceof Revoked revoked) {
            for (TopicPartition partition : revoked.partitions()) {
                assertThat(owned.removeIf(each -> each.topicPartition().equals(partition)))
                        .as("%s gives %s up that it owns", this, partition)
                        .isTrue();
            }
            world.fencings += revoked.loss() == Loss.LOST ? 1 : 0;
            membership.released(revoked.token(), revoked.partitions(), Map.of(), world.nowNanos());
        } else if (notice instanceof Assigned assigned) {
            membership.taken(assigned.token(), world.nowNanos());
        }
        turn();
        handle();
    }

    /** Unsubscribes: takes notices until the membership is over. */
    void depart(Departure how) {
        departs = true;
        membership.leave(how, "test", world.nowNanos());
        handle();
        turn();
        drain();
    }

    private void drain() {
        handle();
        if (departs && !gone && (handles || !mail.isEmpty() || membership.isLeaving())) {
            world.after(10, this::drain);
        }
    }

    /** Subscribes again after a departure. */
    void rejoin(Set<String> topics) {
        departs = false;
        subscribe(topics);
        live();
    }

    /** Is gone without a word. */
    void crash() {
        gone = true;
        inPoll = false;
        owned.clear();
        transport.cut();
        world.members.remove(this);
    }

    /** Is gone when it has left. */
    void close(Departure how) {
        depart(how);
        awaitEnd();
    }

    private void awaitEnd() {
        if (handles || !mail.isEmpty() || membership.isLeaving()) {
            world.after(10, this::awaitEnd);
        } else {
            gone = true;
            world.members.remove(this);
        }
    }

    private void apply(GroupEffect effect) {
        effect.accept(new GroupEffect.Visitor() {
            @Override
            public void notify(GroupEffect.Notify told) {
                if (told.notice() instanceof Assigned) {
                    // The notice has names; their ids are those of the newest target.
                    assignedIds.clear();
                    transport.target().keySet().stream()
                            .sorted(Comparator.comparing(
                                    topic -> directory.id(name(topic)).equals(topic)))
                            .forEach(topic -> assignedIds.put(name(topic), topic));
                }
                if (!(told.notice() instanceof GroupNotice.Identified)) {
                    mail.add(told.notice());
                }
            }

            @Override
            public void supersede(GroupEffect.Supersede told) {
                List<GroupNotice> waiting = List.copyOf(mail);
                mail.clear();
                waiting.forEach(
                        notice -> mail.add(token(notice) == told.notice().token() ? told.notice() : notice));
            }

            @Override
            public void hold(GroupEffect.Hold told) {}

            @Override
            public void refreshMetadata(GroupEffect.RefreshMetadata told) {
                if (!refreshing) {
                    refreshing = true;
                    world.after(world.between(1, 300), () -> {
                        refreshing = false;
                        describe();
                    });
                }
            }

            @Override
            public void raise(GroupEffect.Raise told) {
                raised.add(told.cause());
            }

            @Override
            public void report(GroupEffect.Report told) {
                if (told.event() instanceof GroupEvent.MembershipEnded ended && ended.failure() == null) {
                    world.expiries++;
                }
            }
        });
    }

    private String name(Uuid topic) {
        String name = directory.name(topic);
        return name == null ? topic.toString() : name;
    }

    private static long token(GroupNotice notice) {
        if (notice instanceof Revoked revoked) {
            return revoked.token();
        }
        return notice instanceof Assigned assigned ? assigned.token() : -1;
    }

    @Override
    public String toString() {
        return "member " + index + " at epoch " + epoch() + (membership.isRebalancing() ? " (rebalancing)" : "");
    }
}
