package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupSettings;
import dev.surefoot.testkit.simulation.coordinator.GroupAnswers;
import dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel;
import dev.surefoot.testkit.simulation.coordinator.GroupReply;
import dev.surefoot.testkit.simulation.coordinator.GroupRequestMessages;
import dev.surefoot.testkit.simulation.coordinator.GroupSettings;
import dev.surefoot.testkit.simulation.coordinator.LeaderChoice;
import dev.surefoot.testkit.simulation.coordinator.RangeTargetAssignor;
import dev.surefoot.testkit.simulation.coordinator.StoredOffset;
import dev.surefoot.testkit.simulation.coordinator.TopicCatalog;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import dev.surefoot.testkit.simulation.search.Fingerprint;
import dev.surefoot.testkit.simulation.search.InvariantBroken;
import dev.surefoot.testkit.simulation.search.SearchWorld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Two members of one group, the model of its coordinator, and what is between them. Nothing happens by itself:
 * {@link #take} takes one step, if {@link #allows} is true for it, and checks the state that follows. Time passes by
 * whole intervals of heartbeats, and, but for a fault, only when nothing else can happen.
 */
public final class SmallGroup implements SearchWorld<GroupStep> {
    static final String GROUP = "g";
    static final String TOPIC = "t";
    static final int MEMBERS = 2;

    static final int TICK_MS = 1_000;
    static final long TICK_NANOS = TICK_MS * 1_000_000L;
    static final int SESSION_MS = 6 * TICK_MS;
    static final int MAX_POLL_MS = 10 * TICK_MS;
    static final int REQUEST_TIMEOUT_TICKS = 3;
    /** Epochs and generations begin here, so that they can be recognised by their size. */
    static final int FIRST_EPOCH = 1_000_000;

    private static final int PARTITIONS = 2;
    private static final int PARTITIONS_MAX = 3;
    private static final List<Node> NODES = List.of(new Node(1, "one", 9092), new Node(2, "two", 9092));
    private static final long SEED = 1;
    private static final int START_STEPS_MAX = 500;

    private final SmallGroupSettings settings;
    private final TopicCatalog topics = new TopicCatalog(new SplittableRandom(SEED));
    private final GroupCoordinatorModel coordinator;
    private final List<@Nullable SmallMember> members = new ArrayList<>();
    private final int[] starts = new int[MEMBERS];
    private final GroupChecks checks = new GroupChecks(this);
    private int records = 1;
    private long nowMs = GroupNumbers.MILLIS_FROM * 2;

    public SmallGroup(SmallGroupSettings settings) {
        this.settings = settings;
        topics.create(TOPIC, new Uuid(7, 7), PARTITIONS);
        coordinator = new GroupCoordinatorModel(
                GroupSettings.defaults()
                        .withInitialRebalanceDelayMs(0)
                        .withSessionTimeoutsMs(1, Integer.MAX_VALUE)
                        .withBugs(settings.brokerBugs()),
                ConsumerGroupSettings.defaults()
                        .withTimes(SESSION_MS, TICK_MS, 0)
                        .withAssignors(List.of(new RangeTargetAssignor()))
                        .withBugs(settings.consumerGroupBugs()),
                topics,
                NODES.get(0),
                LeaderChoice.FIRST,
                SEED);
        coordinator.beginAt(GROUP, FIRST_EPOCH, settings.kind().isClassic(), nowMs);
        for (int i = 0; i < MEMBERS; i++) {
            members.add(null);
        }
        if (settings.start() != Start.NOBODY) {
            start(GroupStep.JOIN_0);
        }
        if (settings.start() == Start.BOTH) {
            start(GroupStep.JOIN_1);
        }
    }

    private void start(GroupStep join) {
        takeAgain(join);
        GroupRecovery recovery = new GroupRecovery(this);
        for (int i = 0; i < START_STEPS_MAX && recovery.whyUnstable() != null; i++) {
            recovery.step();
        }
    }

    SmallGroupSettings settings() {
        return settings;
    }

    long nowNanos() {
        return nowMs * 1_000_000;
    }

    GroupChecks checks() {
        return checks;
    }

    GroupCoordinatorModel coordinator() {
        return coordinator;
    }

    /** The member of this number, if it runs. */
    @Nullable SmallMember member(int index) {
        SmallMember member = members.get(index);
        return member != null && member.isRunning() ? member : null;
    }

    /** The members that run. */
    List<SmallMember> running() {
        List<SmallMember> running = new ArrayList<>();
        for (SmallMember member : members) {
            if (member != null && member.isRunning()) {
                running.add(member);
            }
        }
        return running;
    }

    // Steps.

    @Override
    public boolean allows(GroupStep step) {
        return switch (step) {
            case TIME -> !isBusy();
            case DELAY -> isBusy();
            case MOVE, RELOAD -> coordinator.host() != null && !coordinator.isLoading();
            case APPEND -> records < settings.recordsMax();
            case ADD_PARTITION -> partitions() > 0 && partitions() < PARTITIONS_MAX;
            case DELETE_TOPIC -> partitions() > 0;
            case JOIN_0, JOIN_1 -> mayJoin(step.member());
            default -> {
                SmallMember member = member(step.member());
                yield member != null && MemberSteps.allows(member, step);
            }
        };
    }

    private boolean mayJoin(int index) {
        SmallMember member = member(index);
        return member == null || (!member.isSubscribed() && !member.checks.isFatal() && member.application.isIdle());
    }

    /** Whether something can happen without time passing. */
    private boolean isBusy() {
        return running().stream().anyMatch(MemberSteps::isBusy);
    }

    @Override
    public void take(GroupStep step) {
        takeAgain(step);
    }

    @Override
    public void takeAgain(GroupStep step) {
        try {
            switch (step) {
                case TIME, DELAY -> passTime();
                case APPEND -> records++;
                case MOVE -> move();
                case RELOAD -> reload();
                case ADD_PARTITION -> {
                    topics.addPartitions(TOPIC, partitions() + 1);
                    running().forEach(SmallMember::refreshMetadata);
                }
                case DELETE_TOPIC -> {
                    topics.delete(TOPIC);
                    running().forEach(SmallMember::refreshMetadata);
                }
                case JOIN_0, JOIN_1 -> join(step.member());
                default -> {
                    SmallMember member = member(step.member());
                    if (member != null) {
                        MemberSteps.take(member, step);
                    }
                }
            }
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            throw new InvariantBroken("no exception", "a member throws " + e, e);
        }
        checks.check();
        running().forEach(member -> member.checks.check());
    }

    private void join(int index) {
        SmallMember member = member(index);
        if (member == null) {
            member = new SmallMember(this, index, ++starts[index]);
            members.set(index, member);
        }
        member.subscribe();
    }

    private void passTime() {
        nowMs += TICK_MS;
        coordinator.turn(nowMs);
        for (SmallMember member : running()) {
            member.checks.timePasses();
            member.wire.timePasses();
            member.turn();
        }
    }

    private void move() {
        Node host = coordinator.host();
        Node next = host == null || host.id() == 2 ? NODES.get(0) : NODES.get(1);
        coordinator.move(next, nowMs, 0, 0);
        coordinator.turn(nowMs);
    }

    private void reload() {
        Node host = coordinator.host();
        coordinator.move(host == null ? NODES.get(0) : host, nowMs, 0, TICK_MS);
        coordinator.turn(nowMs);
    }

    /** A request of a member arrives at the broker that it was sent to. */
    void receive(String clientId, Request<?> request, GroupReply reply) {
        ApiMessage message = GroupRequestMessages.message(request);
        int version = GroupRequestMessages.version(request);
        Node host = coordinator.host();
        if (request.nodeId() > 0 && host != null && host.id() != request.nodeId() && isForHost(message)) {
            reply.answer(GroupAnswers.refusal(message, version, Errors.NOT_COORDINATOR));
        } else {
            coordinator.receive(message, version, clientId, nowMs, reply);
        }
    }

    private static boolean isForHost(ApiMessage message) {
        return message.apiKey() != ApiKeys.FIND_COORDINATOR.id;
    }

    void expire(SmallMember member) {
        String id = member.membership.identity().memberId();
        coordinator.expireMember(GROUP, id, nowMs);
    }

    /** Whether the coordinator counts this member by the identity that it has. */
    boolean counts(SmallMember member) {
        String id = member.membership.identity().memberId();
        return member.membership.isMember()
                && coordinator.members(GROUP).stream()
                        .anyMatch(view -> view.memberId().equals(id));
    }

    // What is known of the topic.

    /** The records in each partition. */
    int records() {
        return records;
    }

    /**
     * Whether a static member may have returned that has not brought about a rebalance, and as a leader has assigned
     * nothing (KIP-345, KIP-814), so that another rebalance has to bring what has changed meanwhile.
     */
    boolean mayHaveUnnoticedChanges() {
        boolean changed = partitions() != PARTITIONS;
        boolean restarted = Arrays.stream(starts).anyMatch(count -> count > 1);
        return settings.isStatic() && settings.kind().isClassic() && (changed || restarted);
    }

    int partitions() {
        TopicCatalog.Topic topic = topics.topic(TOPIC);
        return topic == null ? 0 : topic.partitions();
    }

    MetadataAnswer metadata() {
        List<TopicMetadata> described = new ArrayList<>();
        for (TopicCatalog.Topic topic : topics.topics()) {
            List<PartitionMetadata> partitions = new ArrayList<>();
            for (int i = 0; i < topic.partitions(); i++) {
                partitions.add(new PartitionMetadata(i, BrokerError.NONE, 1, 0, List.of(1), List.of(1), List.of()));
            }
            described.add(new TopicMetadata(topic.name(), topic.id(), BrokerError.NONE, false, partitions));
        }
        return new MetadataAnswer(BrokerError.NONE, 0, "cluster", NODES, described);
    }

    /** The partitions by name; of the one topic that there is or was. */
    Set<TopicPartition> named(Map<Uuid, Set<Integer>> partitions) {
        Set<TopicPartition> named = new TreeSet<>(SmallAssignor.ORDER);
        partitions.values().forEach(numbers -> numbers.forEach(number -> named.add(new TopicPartition(TOPIC, number))));
        return named;
    }

    long storedOffset(TopicPartition partition) {
        StoredOffset offset = coordinator.offsets(GROUP).get(partition);
        return offset == null ? 0 : offset.offset();
    }

    // Recovery after the faults.

    @Override
    public int recover(int most) {
        return new GroupRecovery(this).recover(most);
    }

    @Override
    public Fingerprint.Key fingerprint() {
        GroupNumbers numbers = new GroupNumbers(nowMs, coordinator.newestEpoch(GROUP));
        Fingerprint print = new Fingerprint(numbers);
        for (int i = 0; i < MEMBERS; i++) {
            numbers.beginMember();
            print.add(member(i));
        }
        numbers.beginMember();
        coordinator.state().forEach(print::add);
        print.add(topics);
        print.add(checks);
        print.mix(records);
        return print.key();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        running().forEach(member -> text.append(member.describe()).append("; "));
        return text + "the coordinator counts " + coordinator.members(GROUP).size();
    }
}
