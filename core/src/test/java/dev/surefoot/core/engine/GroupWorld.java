package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;

/** The engine of a consumer in a group. Each test answers the requests by hand, in virtual time. */
final class GroupWorld {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final Node LEADER = new Node(1, "localhost", 9001);
    static final Node COORDINATOR = new Node(2, "localhost", 9002);
    static final int HEARTBEAT_INTERVAL_MS = 3_000;
    private static final int IN_FLIGHT_MAX = 5;

    final Engine engine;
    final List<Request<?>> wire = new ArrayList<>();
    final List<EngineEvent> events = new ArrayList<>();
    private final Map<Integer, Readiness> readiness = new HashMap<>();
    private final Map<String, Uuid> topics = new LinkedHashMap<>();
    private final Map<String, Integer> partitions = new HashMap<>();
    List<Node> brokers = List.of(LEADER, COORDINATOR);
    /** Whether the coordinator's connection is as a real one: it takes one request per turn and five in flight. */
    boolean narrow;

    private boolean writing;
    long now = SECOND;
    private long generation;

    GroupWorld(GroupSettings.Protocol protocol) {
        boolean classic = protocol == GroupSettings.Protocol.CLASSIC;
        GroupSettings group = new GroupSettings(
                "g",
                null,
                null,
                protocol,
                new GroupSettings.Timing(45_000, HEARTBEAT_INTERVAL_MS, 300_000, 30 * SECOND, 100 * MILLI, SECOND),
                classic ? List.of("range") : List.of(),
                false,
                null,
                false);
        EngineSettings settings = EngineSettings.builder()
                .reset(new ResetStrategy.Earliest())
                .group(group, new Uuid(7, 7))
                .build();
        engine = new Engine(
                settings,
                EngineParts.of(nodeId -> new VerifiedFetchSession(
                        true, 60 * SECOND, new Backoff(100 * MILLI, SECOND, new SplittableRandom(nodeId)))),
                new SplittableRandom(7));
    }

    /** The cluster has this topic from now on, with a new id. */
    Uuid create(String topic, int count) {
        Uuid id = new Uuid(topics.size() + 1L, topic.hashCode());
        topics.put(topic, id);
        partitions.put(topic, count);
        return id;
    }

    private final class Link implements BrokerLink {
        @Override
        public List<Integer> bootstrapIds() {
            return List.of(-1);
        }

        @Override
        public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
            Readiness known = readiness.getOrDefault(nodeId, new Readiness.Ready(true, true));
            return narrow && known.isReady() && purpose == Purpose.COORDINATOR ? narrowed(known) : known;
        }

        private Readiness narrowed(Readiness ready) {
            if (writing) {
                return new Readiness.NotYet(Readiness.Cause.WRITING, Long.MAX_VALUE);
            }
            return toCoordinator().size() < IN_FLIGHT_MAX
                    ? ready
                    : new Readiness.NotYet(Readiness.Cause.IN_FLIGHT_FULL, Long.MAX_VALUE);
        }

        @Override
        public boolean send(Request<?> request, long nowNanos) {
            wire.add(request);
            writing |= request.purpose() == Purpose.COORDINATOR;
            return true;
        }
    }

    /** What is on the wire of the coordinator's connection, in order. */
    List<Request<?>> toCoordinator() {
        return wire.stream()
                .filter(request -> request.purpose() == Purpose.COORDINATOR)
                .toList();
    }

    void connecting(Node node) {
        readiness.put(node.id(), new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE));
    }

    void up(Node node) {
        readiness.remove(node.id());
    }

    void down(Node node) {
        readiness.put(
                node.id(),
                new Readiness.Failed(new RequestFailure(
                        RequestFailure.Kind.DISCONNECTED,
                        new DisconnectException("broker " + node.id() + " is down"))));
    }

    /** One turn of the loop in which the application is in poll. */
    void turn() {
        writing = false;
        engine.dispatch(new Link(), new Turn(now, 1_000, 0, Long.MAX_VALUE, true, now));
        takeEvents();
    }

    private void takeEvents() {
        for (EngineEvent event = engine.pollEvent(); event != null; event = engine.pollEvent()) {
            events.add(event);
        }
    }

    void pass(long nanos) {
        now += nanos;
        turn();
    }

    <R> R onWire(Class<R> type) {
        List<R> found = all(type);
        assertThat(found).as("%s among %s", type.getSimpleName(), wire).hasSize(1);
        return found.get(0);
    }

    <R> List<R> all(Class<R> type) {
        return wire.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Answers a request; what follows at once is among the events. */
    void answer(Request<?> request, Answer answer) {
        assertThat(wire.remove(request)).as("on the wire").isTrue();
        engine.answered(request, answer, now);
        takeEvents();
    }

    void fail(Request<?> request, RequestFailure.Kind kind) {
        assertThat(wire.remove(request)).as("on the wire").isTrue();
        engine.failed(request, new RequestFailure(kind, new DisconnectException("scripted")), now);
        takeEvents();
    }

    /** Metadata of these topics, as far as they exist. */
    MetadataAnswer described(Set<String> names) {
        List<TopicMetadata> described = new ArrayList<>();
        for (String name : names) {
            Uuid id = topics.get(name);
            described.add(
                    id == null
                            ? new TopicMetadata(
                                    name, Uuid.ZERO_UUID, BrokerError.UNKNOWN_TOPIC_OR_PARTITION, false, List.of())
                            : new TopicMetadata(name, id, BrokerError.NONE, false, described(partitions.get(name))));
        }
        return new MetadataAnswer(BrokerError.NONE, 0, "cluster", brokers, described);
    }

    private static List<PartitionMetadata> described(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new PartitionMetadata(
                        number, BrokerError.NONE, LEADER.id(), 1, List.of(1), List.of(1), List.of()))
                .toList();
    }

    /** Answers what is asked for metadata, and makes turns in between, until nobody asks any more. */
    void answerMetadata() {
        for (MetadataRequest request : all(MetadataRequest.class)) {
            Set<String> asked = request.query().topics();
            answer(request, new MetadataResponse(described(asked == null ? topics.keySet() : asked)));
        }
        turn();
    }

    /** Lets the back-off of metadata pass, and answers. */
    void refreshMetadata() {
        pass(2 * SECOND);
        answerMetadata();
    }

    void findCoordinator() {
        answer(
                onWire(FindCoordinatorRequest.class),
                new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, COORDINATOR));
        turn();
    }

    /** Answers the heartbeat on the wire. */
    void beat(int epoch, @Nullable Map<Uuid, Set<Integer>> assignment) {
        answer(
                onWire(ConsumerGroupHeartbeatRequest.class),
                new ConsumerGroupHeartbeatResponse(
                        0, BrokerError.NONE, (short) 0, null, "m", epoch, 5_000, assignment));
        turn();
    }

    /** The application's last notice of this kind. */
    <N extends GroupNotice> N notice(Class<N> type) {
        List<N> notices = new ArrayList<>();
        for (EngineEvent event : events) {
            if (event instanceof EngineEvent.Noticed noticed && type.isInstance(noticed.notice())) {
                notices.add(type.cast(noticed.notice()));
            }
        }
        assertThat(notices).as("%s among %s", type.getSimpleName(), events).isNotEmpty();
        return notices.get(notices.size() - 1);
    }

    <E extends EngineEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The application takes a notice: partitions with new generations, all that it owns. */
    Map<TopicPartition, Long> assign(Set<TopicPartition> owned) {
        Map<TopicPartition, Long> generations = new HashMap<>();
        owned.forEach(partition -> generations.put(partition, ++generation));
        engine.assignInGroup(generations, now);
        return generations;
    }
}
