package dev.surefoot.runtime;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberSubscription;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.net.ManualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.helpers.NOPLogger;

/**
 * A consumer in a group of the classic protocol, with a clock that its waiting moves. Its loop turns whenever the
 * application waits. A coordinator answers at once, as a test has told it to; the member is a follower unless told
 * otherwise. A fetch waits until {@link #bring} has written records.
 */
final class GroupWorld implements Threads, AutoCloseable {
    static final TopicPartition FIRST = new TopicPartition("t", 0);
    static final TopicPartition SECOND = new TopicPartition("t", 1);
    static final Duration SECONDS = Duration.ofSeconds(10);

    private static final int BROKER = 1;
    private static final Uuid TOPIC_ID = new Uuid(3, 4);

    final ManualClock clock = new ManualClock();
    final FakeTransport transport = new FakeTransport(clock);
    final Listener listener = new Listener();
    final Metrics metrics = new Metrics();
    final ConsumerRuntime<byte[], byte[]> runtime;
    final GroupMember member;

    /** What the coordinator assigns to this member. */
    List<TopicPartition> plan = List.of(FIRST, SECOND);
    /** What heartbeats are answered. */
    BrokerError heartbeat = BrokerError.NONE;
    /** What commits are answered, or null to leave them without an answer. */
    BrokerError commit = BrokerError.NONE;
    /** What the coordinator says of committed offsets. */
    BrokerError committed = BrokerError.NONE;
    /** The offsets that are committed. */
    final Map<TopicPartition, Long> offsets = new HashMap<>();
    /** What the coordinator tells this member of the others if it leads; empty if it follows. */
    Map<String, MemberSubscription> led = Map.of();
    /** What is done with each value before it is taken for the application. */
    Consumer<byte[]> atValue = value -> {};

    private final Map<Class<?>, Function<Request<?>, Answer>> answers = new HashMap<>();
    private final int[] written = new int[2];
    private FetchRequest heldFetch;
    private int generation;
    private Loop loop;

    GroupWorld(ConsumerPartitionAssignor assignor, GroupOptions options) {
        Assignors assignors = new Assignors(List.of(assignor));
        answerAll();
        transport.onSend = this::answer;
        EngineSettings engine = EngineSettings.builder()
                .group(settings(assignors), new Uuid(1, 2))
                .allowAutoTopicCreation(false)
                .build();
        PlugIns<byte[], byte[]> plugIns = new PlugIns<>(
                new ByteArrayDeserializer(),
                new Values(),
                new Interceptors<>(List.of(), NOPLogger.NOP_LOGGER),
                new ClusterListeners(List.of()),
                new ConsumerMeter(metrics, clock.epochMillis()),
                new EventLog(NOPLogger.NOP_LOGGER, "test"),
                assignors);
        RuntimeSettings settings = RuntimeSettings.builder("test", 5)
                .engine(engine)
                .sessions(false)
                .group(options)
                .build();
        this.runtime =
                ConsumerRuntime.start(settings, transport, clock, new Seams(same -> same, same -> same, this), plugIns);
        this.member = runtime.member();
        offsets.put(FIRST, 0L);
        offsets.put(SECOND, 0L);
    }

    /** A member that gives up everything at each rebalance. */
    static GroupWorld eager(GroupOptions options) {
        return new GroupWorld(new RangeAssignor(), options);
    }

    /** A member that keeps what it need not give up. */
    static GroupWorld cooperative(GroupOptions options) {
        return new GroupWorld(new CooperativeStickyAssignor(), options);
    }

    private static GroupSettings settings(Assignors assignors) {
        return new GroupSettings(
                "g",
                null,
                null,
                GroupSettings.Protocol.CLASSIC,
                new GroupSettings.Timing(
                        45_000,
                        3000,
                        300_000,
                        Duration.ofSeconds(30).toNanos(),
                        Duration.ofMillis(100).toNanos(),
                        Duration.ofSeconds(1).toNanos()),
                assignors.names(),
                assignors.isCooperative(),
                null,
                false);
    }

    // The brokers.

    private void answerAll() {
        answers.put(MetadataRequest.class, request -> new MetadataResponse(metadata()));
        answers.put(
                FindCoordinatorRequest.class,
                request -> new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, new Node(BROKER, "broker", 9)));
        answers.put(JoinGroupRequest.class, request -> joined((JoinGroupRequest) request));
        answers.put(
                SyncGroupRequest.class,
                request -> new SyncGroupResponse(
                        0,
                        BrokerError.NONE,
                        (short) 0,
                        ((SyncGroupRequest) request).assignor(),
                        new MemberAssignment(plan, null)));
        answers.put(HeartbeatRequest.class, request -> new HeartbeatResponse(0, heartbeat, heartbeat.code()));
        answers.put(LeaveGroupRequest.class, request -> new LeaveGroupResponse(0, BrokerError.NONE, (short) 0));
        answers.put(OffsetCommitRequest.class, request -> stored((OffsetCommitRequest) request));
        answers.put(OffsetFetchRequest.class, request -> found((OffsetFetchRequest) request));
    }

    private void answer(Request<?> request) {
        if (request instanceof FetchRequest fetch) {
            answerFetch(fetch);
            return;
        }
        Function<Request<?>, Answer> answer = answers.get(request.getClass());
        Answer said = answer == null ? null : answer.apply(request);
        if (said != null) {
            transport.answer(request, said);
        }
    }

    private JoinGroupResponse joined(JoinGroupRequest request) {
        heartbeat = BrokerError.NONE;
        generation++;
        String assignor = request.protocols().keySet().iterator().next();
        String leader = led.isEmpty() ? "leader" : "member";
        return new JoinGroupResponse(
                0, BrokerError.NONE, (short) 0, generation, "consumer", assignor, leader, "member", false, led);
    }

    private final class Values extends ByteArrayDeserializer {
        @Override
        public byte[] deserialize(String topic, byte[] value) {
            atValue.accept(value);
            return super.deserialize(topic, value);
        }
    }

    private OffsetCommitResponse stored(OffsetCommitRequest request) {
        BrokerError error = commit;
        if (error == null) {
            return null;
        }
        Map<TopicPartition, Stored> stored = new HashMap<>();
        request.offsets().forEach((partition, offset) -> {
            stored.put(partition, new Stored(error, error.code()));
            if (error == BrokerError.NONE) {
                offsets.put(partition, offset.offset());
            }
        });
        return new OffsetCommitResponse(0, stored);
    }

    private OffsetFetchResponse found(OffsetFetchRequest request) {
        Map<TopicPartition, Found> found = new HashMap<>();
        request.partitions()
                .forEach(partition -> found.put(
                        partition,
                        new Found(committed, committed.code(), offsets.getOrDefault(partition, -1L), -1, "")));
        return new OffsetFetchResponse(0, BrokerError.NONE, (short) 0, found);
    }

    private static MetadataAnswer metadata() {
        List<Integer> replicas = List.of(BROKER);
        List<PartitionMetadata> partitions = IntStream.range(0, 2)
                .mapToObj(number ->
                        new PartitionMetadata(number, BrokerError.NONE, BROKER, 0, replicas, replicas, List.of()))
                .toList();
        return new MetadataAnswer(
                BrokerError.NONE,
                0,
                "cluster",
                List.of(new Node(BROKER, "broker", 9092)),
                List.of(new TopicMetadata("t", TOPIC_ID, BrokerError.NONE, false, partitions)));
    }

    /** Writes so many records to each of these partitions, and answers the fetch that waits for some. */
    void bring(int count, TopicPartition... partitions) {
        for (TopicPartition partition : partitions) {
            written[partition.partition()] += count;
        }
        FetchRequest waiting = heldFetch;
        if (waiting != null) {
            answerFetch(waiting);
        }
    }

    /** Answers with what there is, or keeps the request until there is something. */
    private void answerFetch(FetchRequest request) {
        List<PartitionAnswer> answered = new ArrayList<>();
        boolean[] any = new boolean[1];
        request.plan().partitions().forEach((partition, target) -> {
            int from = (int) target.fetchOffset();
            int end = written[partition.partition()];
            any[0] |= from < end;
            answered.add(records(partition.partition(), from, Math.max(from, end)));
        });
        heldFetch = any[0] ? null : request;
        if (any[0]) {
            FetchAnswer answer = new FetchAnswer(BrokerError.NONE, 0, 0, answered, List.of(), new LoopWorld.Held());
            transport.answer(request, new FetchResponse(answer, 100, 200));
        }
    }

    private static PartitionAnswer records(int partition, int from, int end) {
        SimpleRecord[] records = IntStream.range(from, end)
                .mapToObj(number -> new SimpleRecord(0, null, new byte[] {(byte) number}))
                .toArray(SimpleRecord[]::new);
        ByteBuffer bytes = from == end
                ? ByteBuffer.allocate(0)
                : MemoryRecords.withRecords(from, Compression.NONE, 0, records).buffer();
        return new PartitionAnswer(
                TOPIC_ID, null, partition, BrokerError.NONE, end, end, 0, -1, List.of(), null, null, bytes);
    }

    /** Answers the commit that was sent last, which {@link #commit} has left without an answer. */
    void answerCommit(BrokerError error) {
        commit = error;
        OffsetCommitRequest request = transport.lastSent(OffsetCommitRequest.class);
        transport.answer(request, stored(request));
    }

    /** Leaves this kind of request without an answer. */
    void silence(Class<? extends Request<?>> kind) {
        answers.put(kind, request -> null);
    }

    long count(Class<? extends Request<?>> kind) {
        return transport.sent.stream().filter(kind::isInstance).count();
    }

    // The application.

    /** Subscribes, and polls until the plan is assigned. */
    GroupWorld joined() {
        member.subscribe(List.of("t"), listener);
        pollUntilTold("assigned " + numbers(plan));
        return this;
    }

    /** Polls, until the listener is told that as the last thing. */
    void pollUntilTold(String call) {
        for (int polls = 0; !listener.told.contains(call); polls++) {
            if (polls == 100) {
                throw new AssertionError("the listener was told " + listener.told);
            }
            poll(100);
        }
    }

    /** Polls for so long; returns the values of the records, each with its partition. */
    List<String> poll(long ms) {
        List<String> values = new ArrayList<>();
        runtime.polling()
                .poll(Duration.ofMillis(ms))
                .forEach(record -> values.add(record.partition() + ":" + record.value()[0]));
        return values;
    }

    /** Writes so many records to each of these partitions, and polls until all were returned. */
    List<String> read(int count, TopicPartition... partitions) {
        bring(count, partitions);
        List<String> values = new ArrayList<>();
        for (int polls = 0; values.size() < count * partitions.length; polls++) {
            if (polls == 100) {
                throw new AssertionError("only these were returned: " + values);
            }
            values.addAll(poll(100));
        }
        return values;
    }

    void turn() {
        loop.turn();
    }

    /** Turns the loop for this time. */
    void turnFor(long ms) {
        long end = clock.epochMillis() + ms;
        while (clock.epochMillis() < end) {
            loop.turn();
        }
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }

    @Override
    public void close() {
        runtime.close(Duration.ofSeconds(1));
    }

    /** Keeps what it is told, and does then what it is to do. */
    static final class Listener implements ConsumerRebalanceListener {
        final List<String> told = new ArrayList<>();
        Runnable atRevoked = () -> {};
        Runnable atAssigned = () -> {};
        Runnable atLost = () -> {};

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            told.add("revoked " + numbers(partitions));
            atRevoked.run();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            told.add("assigned " + numbers(partitions));
            atAssigned.run();
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            told.add("lost " + numbers(partitions));
            atLost.run();
        }
    }

    // The threads: the loop turns once whenever the application waits.

    @Override
    public LoopOwner owner(Loop owned, String name) {
        loop = owned;
        return new LoopOwner() {
            @Override
            public void start() {}

            @Override
            public KafkaException death() {
                return null;
            }

            @Override
            public void close(long timeoutNanos) {
                owned.close(timeoutNanos);
            }
        };
    }

    @Override
    public void park(Object blocker, long nanos) {
        loop.turn();
    }

    @Override
    public void unpark(Thread thread) {}
}
