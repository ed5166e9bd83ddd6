package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel;
import dev.surefoot.testkit.simulation.coordinator.GroupMemberView;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.GroupShape.Protocol;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Performs the acts at the group's coordinator. */
final class CoordinatorActs {
    private static final long MICRO = 1_000L;
    private static final long MICROS_PER_MILLI = 1_000L;
    private static final short TRANSACTIONAL_VERSION = 3;
    private static final int FAILURES_MOST = 3;
    private static final long FIRST_PRODUCER = 1_001;
    /** In this time a coordinator has loaded, whatever has moved it before. */
    static final long LOADED_NANOS = 4_000 * Wire.MILLI;

    private static final Set<Act> ACTS = EnumSet.of(
            Act.COORDINATOR_MOVED,
            Act.COORDINATOR_CRASHED,
            Act.WRITES_LOST,
            Act.WRITES_FAIL,
            Act.MEMBER_EXPIRED,
            Act.API_REFUSED,
            Act.GROUP_ANSWER_LOST,
            Act.GROUP_ANSWER_LATE,
            Act.OFFSET_UNSTABLE);

    private static final Map<Protocol, List<ApiKeys>> APIS = Map.of(
            Protocol.CLASSIC,
            List.of(
                    ApiKeys.JOIN_GROUP,
                    ApiKeys.SYNC_GROUP,
                    ApiKeys.HEARTBEAT,
                    ApiKeys.LEAVE_GROUP,
                    ApiKeys.FIND_COORDINATOR,
                    ApiKeys.OFFSET_COMMIT,
                    ApiKeys.OFFSET_FETCH),
            Protocol.CONSUMER,
            List.of(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    ApiKeys.FIND_COORDINATOR,
                    ApiKeys.OFFSET_COMMIT,
                    ApiKeys.OFFSET_FETCH));

    private static final List<Errors> PASSING =
            List.of(Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.COORDINATOR_NOT_AVAILABLE, Errors.NOT_COORDINATOR);
    private static final Map<ApiKeys, List<Errors>> REFUSALS = Map.of(
            ApiKeys.JOIN_GROUP,
            List.of(Errors.REBALANCE_IN_PROGRESS, Errors.UNKNOWN_MEMBER_ID, Errors.GROUP_AUTHORIZATION_FAILED),
            ApiKeys.SYNC_GROUP,
            List.of(Errors.REBALANCE_IN_PROGRESS, Errors.UNKNOWN_MEMBER_ID, Errors.ILLEGAL_GENERATION),
            ApiKeys.HEARTBEAT,
            List.of(Errors.REBALANCE_IN_PROGRESS, Errors.UNKNOWN_MEMBER_ID, Errors.ILLEGAL_GENERATION),
            ApiKeys.LEAVE_GROUP,
            List.of(Errors.UNKNOWN_MEMBER_ID),
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            List.of(
                    Errors.FENCED_MEMBER_EPOCH,
                    Errors.UNKNOWN_MEMBER_ID,
                    Errors.REQUEST_TIMED_OUT,
                    Errors.GROUP_AUTHORIZATION_FAILED),
            ApiKeys.OFFSET_COMMIT,
            List.of(
                    Errors.REQUEST_TIMED_OUT,
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    Errors.UNKNOWN_MEMBER_ID,
                    Errors.OFFSET_METADATA_TOO_LARGE),
            ApiKeys.OFFSET_FETCH,
            List.of(Errors.REQUEST_TIMED_OUT),
            ApiKeys.FIND_COORDINATOR,
            List.of());

    private final Protocol protocol;
    private final ModelCluster cluster;
    private final GroupCoordinatorModel model;
    private final CoordinatorService service;
    private final Set<Long> openProducers = new HashSet<>();
    private long producers = FIRST_PRODUCER - 1;

    CoordinatorActs(Protocol protocol, ModelCluster cluster, GroupCoordinatorModel model, CoordinatorService service) {
        this.protocol = protocol;
        this.cluster = cluster;
        this.model = model;
        this.service = service;
    }

    static boolean performs(Act act) {
        return ACTS.contains(act);
    }

    /** Performs the event; returns whether it had an effect. */
    boolean perform(Event event, TopicPartition partition) {
        boolean happened = act(event, partition);
        service.done();
        return happened;
    }

    private boolean act(Event event, TopicPartition partition) {
        long absentMs = event.amount() / MICROS_PER_MILLI / 2;
        Node to = cluster.node(event.broker());
        boolean isUp = cluster.broker(event.broker()).isUp();
        int some = 1 + (int) (event.amount() % FAILURES_MOST);
        switch (event.act()) {
            case COORDINATOR_MOVED -> {
                if (isUp) {
                    model.move(to, service.nowMs(), absentMs, absentMs);
                }
                return isUp;
            }
            case COORDINATOR_CRASHED, WRITES_LOST -> {
                if (isUp) {
                    int lost = event.act() == Act.WRITES_LOST ? some + 1 : 0;
                    model.crash(lost, to, service.nowMs(), absentMs, absentMs);
                }
                return isUp;
            }
            case WRITES_FAIL -> model.failWrites(PASSING.get(1 + (int) (event.amount() % 2)), some);
            case MEMBER_EXPIRED -> {
                return expire(event.member());
            }
            case API_REFUSED -> refuse(event, some);
            case GROUP_ANSWER_LOST -> model.faults().loseAnswers(api(event), 1);
            case GROUP_ANSWER_LATE -> model.faults().delayAnswers(api(event), absentMs, 1);
            case OFFSET_UNSTABLE -> {
                return openTransaction(partition, event.amount() * MICRO);
            }
            default -> throw new IllegalArgumentException("nothing that happens at a coordinator: " + event.act());
        }
        return true;
    }

    private boolean expire(int place) {
        List<GroupMemberView> members = model.members(GroupWorld.GROUP);
        if (!members.isEmpty()) {
            model.expireMember(
                    GroupWorld.GROUP, members.get(place % members.size()).memberId(), service.nowMs());
        }
        return !members.isEmpty();
    }

    private ApiKeys api(Event event) {
        List<ApiKeys> apis = APIS.getOrDefault(protocol, List.of());
        return apis.get((int) (event.amount() % apis.size()));
    }

    private void refuse(Event event, int times) {
        ApiKeys api = api(event);
        List<Errors> own = REFUSALS.getOrDefault(api, List.of());
        int which = (int) (event.amount() / 16 % (PASSING.size() + own.size()));
        boolean passes = which < PASSING.size();
        // An error that ends a membership once is enough.
        model.faults().refuse(api, passes ? PASSING.get(which) : own.get(which - PASSING.size()), passes ? times : 1);
    }

    private boolean openTransaction(TopicPartition partition, long nanos) {
        Node host = model.host();
        if (host == null || model.isLoading()) {
            return false;
        }
        long producer = ++producers;
        openProducers.add(producer);
        TxnOffsetCommitRequestData commit = new TxnOffsetCommitRequestData()
                .setGroupId(GroupWorld.GROUP)
                .setTransactionalId("transaction")
                .setProducerId(producer)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(partition.topic())
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(partition.partition())
                                .setCommittedOffset(0)))));
        model.receive(commit, TRANSACTIONAL_VERSION, "producer", service.nowMs(), answer -> {});
        service.later(nanos, () -> endTransaction(producer));
        return true;
    }

    private void endTransaction(long producer) {
        if (openProducers.remove(producer)) {
            model.endTransaction(producer, false);
        }
    }

    /** The coordinator moves away from a broker that goes down, if it is there and there is another. */
    void brokerCrashed(int broker) {
        Node host = model.host();
        if (host == null || host.id() != broker) {
            return;
        }
        Node other = cluster.brokers().stream()
                .filter(candidate -> candidate.isUp() && candidate.id() != broker)
                .findFirst()
                .map(candidate -> cluster.node(candidate.id()))
                .orElse(host);
        model.crash(0, other, service.nowMs(), 1, 1);
        service.done();
    }

    /** Ends all faults at the coordinator. */
    void heal() {
        model.faults().heal();
        model.failWrites(Errors.NONE, 0);
        endAll();
        // The coordinator may still load, and have lost that transactions had ended.
        service.later(LOADED_NANOS, this::endAll);
        service.done();
    }

    private void endAll() {
        openProducers.clear();
        for (long producer = FIRST_PRODUCER; producer <= producers; producer++) {
            model.endTransaction(producer, false);
        }
    }
}
