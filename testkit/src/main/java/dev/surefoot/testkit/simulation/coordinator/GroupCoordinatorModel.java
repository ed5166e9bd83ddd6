package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.CoordinatorFaults.AnswerFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of all groups of one partition of {@code __consumer_offsets}, as a broker of Kafka 4.3 has it, in
 * virtual time.
 *
 * <p>{@link #receive} brings a request that has arrived where the coordinator is ({@link #host}); a broker that is not
 * the host answers with {@link GroupAnswers#refusal} and {@link Errors#NOT_COORDINATOR}. {@link #turn} does what is
 * due. Neither time may be before one that was given earlier. Answers leave at the end of either call, never from
 * within it. One thread; the same calls with the same seed give the same answers.
 */
public final class GroupCoordinatorModel {
    private final GroupContext context;
    private final GroupOffsets offsets;
    private final GroupRequests requests;
    private final CoordinatorFaults faults = new CoordinatorFaults();
    /** What the coordinator does that survives its moves. */
    private final GroupTimers moves = new GroupTimers();

    private final Deque<Runnable> outbox = new ArrayDeque<>();
    private @Nullable Node host;
    private boolean loading;
    /** Grows with each move, so that nothing that is parked at a former host is answered by the next. */
    private int moveCount;

    private long delayed;

    /**
     * @param host where the coordinator is
     * @param topics read at each request; its owner changes it
     * @param seed decides the member ids
     */
    public GroupCoordinatorModel(
            GroupSettings settings, TopicCatalog topics, Node host, LeaderChoice leaderChoice, long seed) {
        this(settings, ConsumerGroupSettings.defaults(), topics, host, leaderChoice, seed);
    }

    /**
     * @param consumerGroups for groups of KIP-848
     * @param host where the coordinator is
     * @param topics read at each request; its owner changes it
     * @param seed decides the member ids
     */
    public GroupCoordinatorModel(
            GroupSettings settings,
            ConsumerGroupSettings consumerGroups,
            TopicCatalog topics,
            Node host,
            LeaderChoice leaderChoice,
            long seed) {
        this.context = new GroupContext(
                settings,
                consumerGroups,
                new TreeMap<>(),
                topics,
                new GroupTimers(),
                new Journal(),
                new CoordinatorLedger(),
                leaderChoice,
                new SplittableRandom(seed));
        this.offsets = new GroupOffsets(context);
        this.requests = new GroupRequests(context, offsets);
        this.host = host;
    }

    /** Where the coordinator is, or null while it is nowhere. */
    public @Nullable Node host() {
        return host;
    }

    /** Whether the coordinator is still reading what was written down. */
    public boolean isLoading() {
        return loading;
    }

    /**
     * Receives a request.
     *
     * @param request FindCoordinator, JoinGroup, SyncGroup, Heartbeat, LeaveGroup, ConsumerGroupHeartbeat,
     *     OffsetCommit, TxnOffsetCommit or OffsetFetch
     * @param version of the API that it was written in
     * @param clientId begins the member ids that are made here
     * @param reply takes the answer, unless it gets lost
     * @throws IllegalArgumentException if it is another request
     */
    public void receive(ApiMessage request, int version, String clientId, long nowMs, GroupReply reply) {
        runTimers(nowMs);
        ApiKeys api = ApiKeys.forId(request.apiKey());
        Errors refusal = faults.takeRefusal(api);
        if (refusal == null && api != ApiKeys.FIND_COORDINATOR) {
            refusal = absence();
        }
        GroupReply answered = answering(api, version, nowMs, reply);
        if (refusal == null) {
            requests.receive(request, new Caller(version, clientId, nowMs), host, answered);
        } else {
            boolean ignored = refusal == Errors.COORDINATOR_LOAD_IN_PROGRESS && api == ApiKeys.HEARTBEAT;
            answered.answer(GroupAnswers.refusal(request, version, ignored ? Errors.NONE : refusal));
        }
        sendAnswers();
    }

    private @Nullable Errors absence() {
        if (host == null) {
            return Errors.NOT_COORDINATOR;
        }
        return loading ? Errors.COORDINATOR_LOAD_IN_PROGRESS : null;
    }

    private GroupReply answering(ApiKeys api, int version, long receivedMs, GroupReply reply) {
        int receivedAtMove = moveCount;
        return answer -> {
            AnswerFault fault = faults.takeAnswerFault(api);
            if (fault.lost() || receivedAtMove != moveCount) {
                return;
            }
            ApiMessage sent = GroupAnswers.forVersion(answer, version);
            if (fault.delayMs() == 0) {
                outbox.addLast(() -> reply.answer(sent));
            } else {
                moves.set("answer " + delayed++, receivedMs + fault.delayMs(), atMs -> reply.answer(sent));
            }
        };
    }

    private void sendAnswers() {
        while (!outbox.isEmpty()) {
            outbox.removeFirst().run();
        }
    }

    /** Does what is due at this time. */
    public void turn(long nowMs) {
        runTimers(nowMs);
        sendAnswers();
    }

    private void runTimers(long nowMs) {
        while (nextDeadlineMs() <= nowMs) {
            if (moves.nextDeadlineMs() <= context.timers().nextDeadlineMs()) {
                moves.run(moves.nextDeadlineMs());
            } else {
                context.timers().run(context.timers().nextDeadlineMs());
            }
        }
    }

    /** When {@link #turn} has something to do next, or {@link Long#MAX_VALUE}. */
    public long nextDeadlineMs() {
        return Math.min(moves.nextDeadlineMs(), context.timers().nextDeadlineMs());
    }

    // Faults.

    /** What is to go wrong with the next requests. */
    public CoordinatorFaults faults() {
        return faults;
    }

    /** Fails the next writes, so that what needs them is answered with this error. */
    public void failWrites(Errors error, int times) {
        context.journal().refuse(error, times);
    }

    /**
     * Loses the newest writes, as an unclean election does. The coordinator shows it once it was moved.
     *
     * @param writes at most 64
     */
    public void loseWrites(int writes) {
        context.journal().loseNewest(writes);
    }

    /**
     * Moves the coordinator. What is parked is answered {@link Errors#NOT_COORDINATOR}.
     *
     * @param to where it will be
     * @param absentMs for how long it is nowhere first
     * @param loadingMs for how long it loads then
     */
    public void move(Node to, long nowMs, long absentMs, long loadingMs) {
        runTimers(nowMs);
        context.groups().values().forEach(group -> group.unload(Errors.NOT_COORDINATOR));
        leave(to, nowMs, absentMs, loadingMs);
        sendAnswers();
    }

    /**
     * Crashes the coordinator's broker. What is parked is never answered.
     *
     * @param lostWrites how many of the newest writes are gone, at most 64
     * @param to where the coordinator will be
     * @param absentMs for how long it is nowhere first
     * @param loadingMs for how long it loads then
     */
    public void crash(int lostWrites, Node to, long nowMs, long absentMs, long loadingMs) {
        runTimers(nowMs);
        moveCount++;
        loseWrites(lostWrites);
        leave(to, nowMs, absentMs, loadingMs);
    }

    private void leave(Node to, long nowMs, long absentMs, long loadingMs) {
        context.groups().clear();
        context.timers().clear();
        host = null;
        loading = false;
        moves.set("arrive", nowMs + absentMs, atMs -> {
            host = to;
            loading = true;
        });
        moves.set("load", nowMs + absentMs + loadingMs, this::load);
    }

    private void load(long nowMs) {
        loading = false;
        Journal.Contents contents = context.journal().read();
        offsets.load(contents.offsets());
        contents.groups().forEach((id, stored) -> context.groups().put(id, stored.load(context, nowMs)));
        contents.offsets()
                .groups()
                .forEach(id -> context.groups().computeIfAbsent(id, absent -> new ClassicGroup(absent, context)));
    }

    /**
     * Begins a group that has no members as if it had had so many generations: so that a test can recognise generations
     * and epochs by their size.
     *
     * @param generationOrEpoch the newest one
     */
    public void beginAt(String groupId, int generationOrEpoch, boolean isClassic, long nowMs) {
        StoredGroup stored = isClassic
                ? new StoredClassicGroup(groupId, generationOrEpoch, null, null, null, List.of())
                : new ConsumerGroup.Stored(
                        groupId,
                        ConsumerGroupBooks.beginningAt(context.consumerGroups(), context.topics(), generationOrEpoch));
        context.journal().writeGroup(groupId, stored);
        context.groups().put(groupId, stored.load(context, nowMs));
    }

    /** Removes a member as if its session had run out now; without effect on one whose request is parked. */
    public void expireMember(String groupId, String memberId, long nowMs) {
        runTimers(nowMs);
        Group group = context.groups().get(groupId);
        if (group != null) {
            group.expire(memberId, nowMs);
        }
        sendAnswers();
    }

    /** Deletes a group and its offsets, as DeleteGroups does. */
    public Errors deleteGroup(String groupId) {
        Group group = context.groups().get(groupId);
        if (group == null) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        if (!group.isEmpty()) {
            return Errors.NON_EMPTY_GROUP;
        }
        group.unload(Errors.COORDINATOR_NOT_AVAILABLE);
        context.groups().remove(groupId);
        offsets.store().deleteGroup(groupId);
        return context.journal().deleteGroup(groupId);
    }

    /** Ends a transaction that TxnOffsetCommit has taken part in. */
    public void endTransaction(long producerId, boolean commit) {
        offsets.store().endTransaction(producerId, commit);
        context.journal().endTransaction(producerId, commit);
    }

    // What an oracle looks at.

    public CoordinatorLedger ledger() {
        return context.ledger();
    }

    /** The members of a group; none of a group that is not there. */
    public List<GroupMemberView> members(String groupId) {
        Group group = context.groups().get(groupId);
        return group == null ? List.of() : group.members();
    }

    /** The books of a KIP-848 group as they are now; null if there is no such group. */
    public @Nullable ConsumerGroupBooks consumerGroup(String groupId) {
        return context.groups().get(groupId) instanceof ConsumerGroup group ? group.books() : null;
    }

    /** A classic group, or null if there is no such group or it is one of the consumer protocol. */
    public @Nullable ClassicGroupView classicGroup(String groupId) {
        return context.groups().get(groupId) instanceof ClassicGroup group ? group.view() : null;
    }

    /** The newest generation or group epoch; 0 of a group that is not there. */
    public int newestEpoch(String groupId) {
        ConsumerGroupBooks books = consumerGroup(groupId);
        ClassicGroupView classic = classicGroup(groupId);
        return books != null ? books.epoch() : classic == null ? 0 : classic.generation();
    }

    /** All on which it depends what the coordinator does next, for a hash of its state. */
    public List<Object> state() {
        List<Object> state = new ArrayList<>(
                List.of(context.groups(), context.timers().inOrder(), moves.inOrder(), offsets.store(), loading));
        state.add(context.journal().read());
        state.add(host == null ? "nowhere" : host);
        return state;
    }

    /** The committed offsets of a group, without those of transactions that have not ended. */
    public Map<TopicPartition, StoredOffset> offsets(String groupId) {
        return offsets.store().of(groupId);
    }
}
