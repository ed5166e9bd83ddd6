package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Assigned;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.GroupNotice.Revoked;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;

/**
 * A script for a member of the consumer protocol: the test is its coordinator and its application, and turns the clock.
 * Look-ups of the coordinator are answered at once while it {@link #known}.
 */
final class ConsumerWorld implements Outbox {
    static final Uuid MEMBER = new Uuid(7, 7);
    static final Uuid ORDERS = new Uuid(1, 1);
    static final Uuid ORDERS_ANEW = new Uuid(1, 2);
    static final Uuid BILLS = new Uuid(2, 1);
    static final int INTERVAL_MS = 5_000;
    static final int SESSION_MS = 45_000;
    static final int MAX_POLL_MS = 300_000;

    private static final Node COORDINATOR = new Node(5, "coordinator", 9092);

    /** A heartbeat without an outcome. */
    record OnWire(ConsumerGroupHeartbeatRequest request, Reply<ConsumerGroupHeartbeatResponse> reply) {}

    final TopicDirectory topics = new TopicDirectory();
    final Coordinator coordinator;
    final ConsumerMembership membership;

    final Deque<OnWire> wire = new ArrayDeque<>();
    final List<ConsumerGroupHeartbeatRequest> sent = new ArrayList<>();
    final List<Long> sentAtMs = new ArrayList<>();
    final Deque<GroupNotice> mail = new ArrayDeque<>();
    /** Those that the application was told of. */
    final List<Integer> epochs = new ArrayList<>();

    final List<KafkaException> raised = new ArrayList<>();
    final List<GroupEvent> events = new ArrayList<>();
    final Set<TopicPartition> held = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    int refreshes;
    int lookups;
    private @Nullable Reply<FindCoordinatorResponse> lookup;

    /** Whether look-ups find the coordinator. */
    boolean known = true;

    Readiness readiness = new Readiness.Ready(true, true);
    private boolean inPoll = true;
    private long lastPollNanos = Turn.NEVER_POLLED;
    private long nowNanos = TimeUnit.SECONDS.toNanos(1);

    ConsumerWorld() {
        this(settings(null, false));
    }

    ConsumerWorld(GroupSettings settings) {
        Backoff backoff = new Backoff(100_000_000, 1_000_000_000, new SplittableRandom(1));
        coordinator = new Coordinator("g", 30_000_000_000L, new ScriptedBrokers(), backoff, this::apply);
        membership = new ConsumerMembership(settings, MEMBER, coordinator, topics, backoff, this::apply);
        describe(Map.of("orders", ORDERS, "bills", BILLS));
    }

    static GroupSettings settings(@Nullable String instanceId, boolean stopsAtLapse) {
        return new GroupSettings(
                "g",
                instanceId,
                "rack-1",
                GroupSettings.Protocol.CONSUMER,
                new GroupSettings.Timing(SESSION_MS, 3_000, MAX_POLL_MS, 30_000_000_000L, 100_000_000, 1_000_000_000),
                List.of(),
                false,
                "uniform",
                stopsAtLapse);
    }

    // Time and turns.

    long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos);
    }

    /** The application enters poll and stays in it. */
    void enterPoll() {
        inPoll = true;
        lastPollNanos = nowNanos;
        turn();
    }

    void leavePoll() {
        lastPollNanos = nowNanos;
        inPoll = false;
        turn();
    }

    void turn() {
        for (int i = 0; i < 3; i++) {
            if (inPoll && lastPollNanos != Turn.NEVER_POLLED) {
                lastPollNanos = nowNanos;
            }
            dispatch();
            answerLookup();
        }
    }

    /** One turn of the loop alone. */
    void dispatch() {
        membership.dispatch(this, new Turn(nowNanos, 0, 0, 0, false, lastPollNanos));
        coordinator.dispatch(this, new Turn(nowNanos, 0, 0, false));
    }

    private void answerLookup() {
        Reply<FindCoordinatorResponse> asked = lookup;
        if (asked != null) {
            lookup = null;
            asked.answered(
                    known
                            ? new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, COORDINATOR)
                            : new FindCoordinatorResponse(0, BrokerError.COORDINATOR_NOT_AVAILABLE, (short) 15, null),
                    nowNanos);
        }
    }

    /** Turns at each deadline until this time has passed. */
    void pass(long millis) {
        long endNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
        for (int turns = 0; nowNanos < endNanos; turns++) {
            assertThat(turns).as("turns in %d ms", millis).isLessThan(10_000);
            long dueNanos = dueNanos();
            assertThat(dueNanos).as("deadlines lie ahead").isGreaterThan(nowNanos);
            nowNanos = Math.min(endNanos, dueNanos);
            turn();
        }
    }

    private long dueNanos() {
        Deadlines deadlines = new Deadlines();
        deadlines.clear();
        membership.enterDeadlines(deadlines, nowNanos);
        coordinator.enterDeadlines(deadlines, nowNanos);
        return deadlines.earliestNanos();
    }

    boolean hasDeadline() {
        return dueNanos() != Deadline.NEVER;
    }

    // The transport.

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose) {
        return readiness;
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose) {
        throw new AssertionError("a member of the consumer protocol has nothing held back");
    }

    @Override
    @SuppressWarnings("unchecked") // each request comes with the reply for its answer
    public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
        if (request instanceof FindCoordinatorRequest) {
            lookups++;
            lookup = (Reply<FindCoordinatorResponse>) reply;
            return true;
        }
        ConsumerGroupHeartbeatRequest heartbeat = (ConsumerGroupHeartbeatRequest) request;
        sent.add(heartbeat);
        sentAtMs.add(nowMs());
        wire.add(new OnWire(heartbeat, (Reply<ConsumerGroupHeartbeatResponse>) reply));
        return true;
    }

    // The coordinator.

    /** The one heartbeat that is on the wire, which stays there. */
    ConsumerGroupHeartbeatRequest onlyRequest() {
        assertThat(wire).as("heartbeats without an outcome").hasSize(1);
        return wire.getFirst().request();
    }

    OnWire takeWire() {
        assertThat(wire).as("heartbeats without an outcome").isNotEmpty();
        return wire.removeFirst();
    }

    void answer(int epoch, @Nullable Map<Uuid, Set<Integer>> assignment) {
        answer(takeWire(), epoch, assignment);
    }

    void answer(OnWire to, int epoch, @Nullable Map<Uuid, Set<Integer>> assignment) {
        to.reply()
                .answered(
                        new ConsumerGroupHeartbeatResponse(
                                0, BrokerError.NONE, (short) 0, null, null, epoch, INTERVAL_MS, assignment),
                        nowNanos);
        turn();
    }

    void refuse(BrokerError error) {
        refuse(takeWire(), error);
    }

    void refuse(OnWire to, BrokerError error) {
        to.reply()
                .answered(
                        new ConsumerGroupHeartbeatResponse(0, error, error.code(), "words", null, 0, 0, null),
                        nowNanos);
        turn();
    }

    void fail(RequestFailure.Kind kind) {
        fail(kind, new DisconnectException("scripted"));
    }

    void fail(RequestFailure.Kind kind, KafkaException cause) {
        takeWire().reply().failed(new RequestFailure(kind, cause), nowNanos);
        turn();
    }

    static Map<Uuid, Set<Integer>> orders(Integer... partitions) {
        return partitions.length == 0 ? Map.of() : Map.of(ORDERS, new TreeSet<>(Arrays.asList(partitions)));
    }

    // Metadata.

    void describe(Map<String, Uuid> ids) {
        topics.update(
                new MetadataAnswer(
                        BrokerError.NONE,
                        0,
                        "cluster",
                        List.of(),
                        ids.entrySet().stream()
                                .map(topic -> new TopicMetadata(
                                        topic.getKey(), topic.getValue(), BrokerError.NONE, false, List.of()))
                                .toList()),
                false);
        membership.clusterChanged(nowNanos);
        turn();
    }

    // The application.

    void subscribe(String... names) {
        membership.subscribe(Set.of(names), null, nowNanos);
        turn();
    }

    void subscribe(Set<String> names, @Nullable String regex) {
        membership.subscribe(names, regex, nowNanos);
        turn();
    }

    void leave(Membership.Departure how) {
        membership.leave(how, "test", nowNanos);
        turn();
    }

    /** What the application is told and has not taken, without changes of the epoch. */
    List<String> told() {
        return mail.stream().map(ConsumerWorld::words).collect(Collectors.toCollection(ArrayList::new));
    }

    private static String words(GroupNotice notice) {
        if (notice instanceof Revoked revoked) {
            String loss = revoked.loss() == Loss.LOST ? "lost" : "revoked";
            return loss + names(revoked.partitions());
        }
        return notice instanceof Assigned assigned
                ? "assigned" + names(assigned.added())
                : notice.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    private static String names(Set<TopicPartition> partitions) {
        return new TreeSet<>(partitions.stream().map(TopicPartition::toString).toList()).toString();
    }

    /** Takes the next notice and says what it is; its answer waits. */
    GroupNotice take() {
        assertThat(mail).as("notices").isNotEmpty();
        return mail.removeFirst();
    }

    /** The application answers a notice that it has taken. */
    void settle(GroupNotice notice) {
        if (notice instanceof Revoked revoked) {
            membership.released(revoked.token(), revoked.partitions(), Map.of(), nowNanos);
        } else if (notice instanceof Assigned assigned) {
            membership.taken(assigned.token(), nowNanos);
        }
        turn();
    }

    /** The application takes the next notice and answers it; says what it was. */
    String takeAndSettle() {
        GroupNotice notice = take();
        settle(notice);
        return words(notice);
    }

    /** The coordinator assigns to a member that joins, and the application takes it: stable after that. */
    void makeStable(int epoch, Map<Uuid, Set<Integer>> assignment) {
        subscribe("orders");
        enterPoll();
        answer(epoch, assignment);
        takeAndSettle();
        answer(epoch, null);
        assertThat(state()).isEqualTo("stable");
    }

    /** What can be seen of the member's state. */
    String state() {
        if (membership.isRebalancing()) {
            return "rebalancing";
        }
        return membership.isMember() ? "stable" : "none";
    }

    private void apply(GroupEffect effect) {
        effect.accept(new GroupEffect.Visitor() {
            @Override
            public void notify(GroupEffect.Notify told) {
                if (told.notice() instanceof GroupNotice.Identified identified) {
                    epochs.add(identified.identity().epoch());
                } else {
                    mail.add(told.notice());
                }
            }

            @Override
            public void supersede(GroupEffect.Supersede told) {
                Map<GroupNotice, GroupNotice> replaced = new LinkedHashMap<>();
                mail.forEach(notice -> replaced.put(
                        notice, MemberWords.token(notice) == told.notice().token() ? told.notice() : notice));
                mail.clear();
                mail.addAll(replaced.values());
            }

            @Override
            public void hold(GroupEffect.Hold told) {
                held.addAll(told.partitions());
            }

            @Override
            public void refreshMetadata(GroupEffect.RefreshMetadata told) {
                refreshes++;
            }

            @Override
            public void raise(GroupEffect.Raise told) {
                raised.add(told.cause());
            }

            @Override
            public void report(GroupEffect.Report told) {
                events.add(told.event());
            }
        });
    }
}
