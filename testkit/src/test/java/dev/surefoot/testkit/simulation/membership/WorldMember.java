package dev.surefoot.testkit.simulation.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.ClassicMembership;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.testkit.simulation.coordinator.GroupRequestMessages;
import dev.surefoot.testkit.simulation.coordinator.TopicCatalog;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedInstanceIdException;

/** One member with its loop, its application and its metadata, in the virtual time of its world. */
final class WorldMember {
    final String name;
    final MembershipWorld world;
    final MemberLink link;
    final MemberChecks checks;
    final Coordinator coordinator;
    final ClassicMembership membership;
    /** What its listener was told of and has not given up. */
    final Set<TopicPartition> owned = new TreeSet<>(MembershipWorld.ORDER);

    /** The generation of the last assignment that the application has taken. */
    int syncedGeneration = -1;

    boolean subscribed;
    long pollEveryMs;
    long stalledUntilMs;

    private final TopicDirectory directory = new TopicDirectory();
    private final ConsumerPartitionAssignor assignor;
    private final ArrayDeque<GroupNotice> mail = new ArrayDeque<>();
    private final SplittableRandom random;
    private Set<String> topics = new TreeSet<>();
    private long leftPollNanos = Turn.NEVER_POLLED;
    private boolean polling;
    private boolean busy;
    private boolean closed;
    private boolean closing;
    private boolean refreshing;
    private boolean fenced;
    private long deadlineNanos = Long.MAX_VALUE;

    WorldMember(MembershipWorld world, String name, GroupSettings settings, long seed) {
        this.world = world;
        this.name = name;
        random = new SplittableRandom(seed);
        link = new MemberLink(world, this);
        checks = new MemberChecks(world, this);
        assignor = settings.cooperative() ? new CooperativeStickyAssignor() : new RangeAssignor();
        coordinator = new Coordinator(
                settings.groupId(),
                settings.timing().requestTimeoutNanos(),
                link,
                new Backoff(100_000_000, 1_000_000_000, random.split()),
                this::apply);
        membership = new ClassicMembership(settings, coordinator, directory, random.split(), this::apply);
        pollEveryMs = 50;
        world.after(0, this::poll);
        world.after(0, this::refreshRegularly);
    }

    @Override
    public String toString() {
        return name;
    }

    boolean isClosed() {
        return closed;
    }

    long deadlineNanos() {
        return closed ? Long.MAX_VALUE : deadlineNanos;
    }

    void turn() {
        if (closed) {
            return;
        }
        long now = world.nowNanos();
        Turn turn = new Turn(now, 0, 0, Long.MAX_VALUE, false, polling ? now : leftPollNanos);
        membership.dispatch(link, turn);
        coordinator.dispatch(link, turn);
        Deadlines deadlines = new Deadlines();
        membership.enterDeadlines(deadlines, now);
        coordinator.enterDeadlines(deadlines, now);
        deadlineNanos = deadlines.earliestNanos();
        assertThat(deadlineNanos)
                .as("g37: the deadline %s of %s", deadlines.earliest(), name)
                .isGreaterThan(now);
    }

    // The application.

    /** Whether it is in a listener or leaves, and does nothing else. */
    boolean isBusy() {
        return busy || closing || closed;
    }

    void subscribe(Set<String> wanted) {
        topics = wanted;
        subscribed = !fenced;
        membership.subscribe(wanted, null, world.nowNanos());
        turn();
    }

    /** Unsubscribes, or closes. */
    void leave(Departure departure, boolean closes) {
        subscribed = false;
        closing = closes;
        membership.leave(departure, "the test says so", world.nowNanos());
        turn();
        takeNotices();
    }

    /** Ends without a word. */
    void crash() {
        closed = true;
        subscribed = false;
        owned.clear();
        for (int node = 1; node <= MembershipWorld.NODES; node++) {
            link.cut(node);
        }
    }

    private void poll() {
        if (closed || closing) {
            return;
        }
        if (busy || world.nowMs() < stalledUntilMs) {
            world.after(pollEveryMs, this::poll);
            return;
        }
        polling = true;
        turn();
        takeNotices();
        world.after(pollEveryMs, this::poll);
    }

    private void takeNotices() {
        GroupNotice notice = mail.poll();
        if (notice == null) {
            busy = false;
            if (polling) {
                polling = false;
                leftPollNanos = world.nowNanos();
                turn();
            }
            return;
        }
        busy = true;
        Taking taking = new Taking();
        notice.accept(taking);
        long listenerMs = random.nextInt(10) == 0 ? random.nextInt(world.listenerMaxMs) : 0;
        Runnable end = () -> {
            if (!closed) {
                taking.end.run();
                turn();
                takeNotices();
            }
        };
        if (listenerMs == 0) {
            end.run();
        } else {
            world.after(listenerMs, end);
        }
    }

    /** Takes a notice: what begins at once, and what the end of the listener brings. */
    private final class Taking implements GroupNotice.Visitor {
        private Runnable end = () -> {};

        @Override
        public void revoked(GroupNotice.Revoked notice) {
            assertThat(owned).as("g23: only what is owned is revoked").containsAll(notice.partitions());
            end = () -> {
                owned.removeAll(notice.partitions());
                Map<String, ByteBuffer> userData = new LinkedHashMap<>();
                if (notice.joinFollows()) {
                    userData.put(assignor.name(), assignor.subscriptionUserData(topics));
                }
                membership.released(notice.token(), notice.partitions(), userData, world.nowNanos());
            };
        }

        @Override
        @SuppressWarnings("removal") // what takes the place of this constructor is not in 4.0
        public void assigned(GroupNotice.Assigned notice) {
            assertThat(notice.added())
                    .as("g23: only what is not owned is assigned")
                    .noneMatch(owned::contains);
            world.checkGranted(WorldMember.this, notice);
            owned.addAll(notice.added());
            assertThat(owned).as("g25").isEqualTo(notice.owned());
            syncedGeneration = notice.identity().epoch();
            assignor.onAssignment(
                    new Assignment(
                            new ArrayList<>(notice.owned()),
                            notice.assignment() == null
                                    ? null
                                    : notice.assignment().userData()),
                    new ConsumerGroupMetadata(
                            notice.identity().groupId(),
                            notice.identity().epoch(),
                            notice.identity().memberId(),
                            Optional.empty()));
            end = () -> membership.taken(notice.token(), world.nowNanos());
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            Map<String, Subscription> said = new TreeMap<>();
            notice.subscriptions().forEach((id, each) -> said.put(id, GroupRequestMessages.subscription(each)));
            Map<String, MemberAssignment> plan = new TreeMap<>();
            assignor.assign(notice.cluster(), new GroupSubscription(said))
                    .groupAssignment()
                    .forEach((id, each) -> plan.put(id, new MemberAssignment(each.partitions(), each.userData())));
            end = () -> membership.assignmentMade(notice.token(), plan, world.nowNanos());
        }

        @Override
        public void identified(GroupNotice.Identified notice) {
            syncedGeneration = notice.identity().epoch();
        }

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {
            throw new AssertionError("nothing is committed");
        }

        @Override
        public void left(GroupNotice.Left notice) {
            assertThat(owned).as("everything is given up").isEmpty();
            if (closing) {
                world.after(200, WorldMember.this::crash);
            }
        }
    }

    // The effects of the membership.

    private void apply(GroupEffect effect) {
        effect.accept(new GroupEffect.Visitor() {
            @Override
            public void notify(GroupEffect.Notify told) {
                mail.add(told.notice());
            }

            @Override
            public void supersede(GroupEffect.Supersede told) {
                List<GroupNotice> waiting = new ArrayList<>(mail);
                waiting.replaceAll(each -> token(each) == told.notice().token() ? told.notice() : each);
                mail.clear();
                mail.addAll(waiting);
            }

            @Override
            public void hold(GroupEffect.Hold told) {}

            @Override
            public void refreshMetadata(GroupEffect.RefreshMetadata told) {
                refresh();
            }

            @Override
            public void raise(GroupEffect.Raise told) {
                // A coordinator that has lost a static member's new id takes the member for another one's twin.
                fenced |= told.cause() instanceof FencedInstanceIdException;
                subscribed &= !fenced;
            }

            @Override
            public void report(GroupEffect.Report told) {}
        });
    }

    private static long token(GroupNotice notice) {
        if (notice instanceof GroupNotice.Revoked revoked) {
            return revoked.token();
        }
        if (notice instanceof GroupNotice.Assigned assigned) {
            return assigned.token();
        }
        return notice instanceof GroupNotice.AssignmentWanted wanted ? wanted.token() : -1;
    }

    private void refreshRegularly() {
        if (!closed) {
            refresh();
            world.after(10_000, this::refreshRegularly);
        }
    }

    private void refresh() {
        if (refreshing) {
            world.after(100, this::refresh);
            return;
        }
        refreshing = true;
        List<String> asked = new ArrayList<>(membership.topicsOfInterest());
        world.after(10 + world.latencyMs(), () -> {
            refreshing = false;
            if (!closed) {
                directory.update(describe(asked), false);
                membership.clusterChanged(world.nowNanos());
                turn();
            }
        });
    }

    private MetadataAnswer describe(List<String> asked) {
        List<TopicMetadata> described = new ArrayList<>();
        for (String topic : asked) {
            TopicCatalog.Topic known = world.catalog.topic(topic);
            List<PartitionMetadata> partitions = new ArrayList<>();
            for (int i = 0; known != null && i < known.partitions(); i++) {
                partitions.add(new PartitionMetadata(i, BrokerError.NONE, 1, 0, List.of(1), List.of(1), List.of()));
            }
            described.add(new TopicMetadata(
                    topic,
                    known == null ? Uuid.ZERO_UUID : known.id(),
                    known == null ? BrokerError.UNKNOWN_TOPIC_OR_PARTITION : BrokerError.NONE,
                    false,
                    partitions));
        }
        return new MetadataAnswer(BrokerError.NONE, 0, "cluster", world.nodes, described);
    }

    Set<String> topics() {
        return topics;
    }
}
