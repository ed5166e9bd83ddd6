package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.Troubles;
import dev.surefoot.testkit.simulation.world.Wire;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which causes a guard may announce, by what has happened in its world a short time ago. Written from what each act
 * does to a consumer, without the guard's rules.
 */
final class AllowedCauses {
    /** What it takes to get over an act: a time-out, a back-off, another request, and the patience. */
    private static final long RECENT_NANOS =
            GuardTerms.PATIENCE_NANOS + 2 * Wire.REQUEST_TIMEOUT_NANOS + TimeUnit.SECONDS.toNanos(3);

    /** Until a JoinGroup is given up whose answer was lost, and once more: the next one may be lost as well. */
    private static final long JOIN_NANOS = 2 * TimeUnit.SECONDS.toNanos(9);

    /** For how long contradictions of a session are counted. */
    private static final long COUNTED_NANOS = TimeUnit.MINUTES.toNanos(1) + RECENT_NANOS;

    private static final Set<Act> CONNECTION = EnumSet.of(
            Act.CONNECTIONS_REFUSED,
            Act.BROKER_CRASH,
            Act.CUT_NOW,
            Act.CUT_BEFORE_REQUEST,
            Act.CUT_IN_REQUEST,
            Act.CUT_AFTER_REQUEST,
            Act.CUT_IN_RESPONSE,
            Act.CUT_AFTER_RESPONSE,
            Act.CONTROL_CUT,
            Act.REQUEST_LOST,
            Act.RESPONSE_LOST,
            Act.RESPONSE_MALFORMED,
            // A request that was under way times out meanwhile, and its connection is given up with it.
            Act.PROCESS_STALL,
            Act.MEMBER_STOPPED);

    /** A connection over which a look-up of the coordinator is not answered is given up like any other. */
    private static final Set<Act> CONTROL_CONNECTION = both(CONNECTION, EnumSet.of(Act.GROUP_ANSWER_LOST));

    private static final Set<Act> SILENCE = EnumSet.of(
            Act.REQUEST_LOST,
            Act.RESPONSE_LOST,
            Act.REQUEST_DELAYED,
            Act.RESPONSE_DELAYED,
            Act.CONTROL_DELAYED,
            Act.BROKER_CRASH,
            Act.PROCESS_STALL,
            Act.MEMBER_STOPPED,
            Act.PREEMPTED);

    private static final Set<Act> METADATA = EnumSet.of(
            Act.BROKER_CRASH,
            Act.LEADER_MOVED,
            Act.LEADER_UNCLEAN,
            Act.REPLICAS_MOVED,
            Act.METADATA_STALE,
            Act.METADATA_WITHOUT_IDS,
            Act.TOPIC_RECREATED,
            Act.PARTITION_ADDED);

    private static final Set<Act> SESSION = EnumSet.of(
            Act.SESSION_LOSES_PARTITION,
            Act.SESSION_ADVANCED,
            Act.EXTRA_PARTITION,
            Act.EXTRA_TOPIC_ID,
            Act.WRONG_SESSION_ID,
            Act.PARTITION_MISSING,
            Act.PARTITION_TWICE,
            Act.LOW_BATCHES,
            Act.NO_HIGH_WATERMARK);

    private static final Set<Act> REFUSALS = EnumSet.of(
            Act.PARTITION_FAILS, Act.FETCH_REFUSED, Act.SESSION_EVICTED, Act.SESSION_ADVANCED, Act.REPLICA_PREFERRED);

    /** What keeps the application of a member from polling. */
    private static final Set<Act> AWAY = EnumSet.of(
            Act.MEMBER_AWAY,
            Act.MEMBER_STOPPED,
            Act.LISTENER_SLOW,
            Act.LISTENER_COMMITS,
            Act.COMMIT_SYNC,
            Act.COMMIT_SYNC_ONE,
            Act.ASK_COMMITTED,
            Act.UNSUBSCRIBED);

    private static final Set<Act> HOLDING = both(
            AWAY,
            EnumSet.of(
                    Act.PAUSE,
                    Act.NO_POLL,
                    Act.POLL_SLOWLY,
                    Act.PREEMPTED,
                    Act.PROCESS_STALL,
                    Act.MEMBER_PAUSES,
                    Act.MEMBER_SLOW));

    private static final Set<Act> COORDINATOR = EnumSet.of(
            Act.COORDINATOR_MOVED,
            Act.COORDINATOR_CRASHED,
            Act.WRITES_LOST,
            Act.WRITES_FAIL,
            Act.API_REFUSED,
            Act.BROKER_CRASH);

    /** Also a leader that is gone: the SyncGroup of others is not answered, and their connection breaks for it. */
    private static final Set<Act> COORDINATOR_SILENT = EnumSet.of(
            Act.MEMBER_CLOSED,
            Act.MEMBER_CRASHED,
            Act.COORDINATOR_CRASHED,
            Act.WRITES_LOST,
            Act.GROUP_ANSWER_LOST,
            Act.GROUP_ANSWER_LATE,
            Act.GROUP_REQUEST_LOST,
            Act.GROUP_CUT_BEFORE,
            Act.GROUP_CUT_AFTER);

    /** What makes the coordinator say that another has a member's {@code group.instance.id}. */
    private static final Set<Act> IDENTITY = EnumSet.of(
            Act.MEMBER_CRASHED, Act.MEMBER_CLOSED, Act.MEMBER_STARTED, Act.WRITES_LOST, Act.COORDINATOR_CRASHED);

    private static final Map<StallCause, Set<Act>> ACTS = new EnumMap<>(Map.ofEntries(
            Map.entry(StallCause.LEADER_UNREACHABLE, CONTROL_CONNECTION),
            Map.entry(StallCause.BOOTSTRAP_UNREACHABLE, CONTROL_CONNECTION),
            Map.entry(StallCause.CONNECTION_HALF_OPEN, SILENCE),
            Map.entry(StallCause.BROKER_SLOW, SILENCE),
            Map.entry(StallCause.METADATA_STALE, both(CONNECTION, SILENCE)),
            Map.entry(StallCause.NO_LEADER, METADATA),
            Map.entry(StallCause.PARTITION_MISSING, METADATA),
            Map.entry(StallCause.TOPIC_MISSING, METADATA),
            Map.entry(StallCause.TOPIC_DELETED, METADATA),
            Map.entry(StallCause.BROKER_ERRORS, both(METADATA, REFUSALS)),
            Map.entry(StallCause.FOLLOWER_BEHIND, EnumSet.of(Act.REPLICA_PREFERRED)),
            Map.entry(
                    StallCause.LOOKING_UP_POSITION,
                    both(
                            both(both(METADATA, REFUSALS), both(CONNECTION, SILENCE)),
                            both(COORDINATOR, COORDINATOR_SILENT))),
            Map.entry(StallCause.SESSION_DIVERGED, SESSION),
            Map.entry(StallCause.PARTITION_LOST_FROM_SESSION, SESSION),
            Map.entry(StallCause.LOG_DOES_NOT_LEAD_ON, SESSION),
            // Memory is reserved for an answer until it comes, or until the request has timed out.
            Map.entry(StallCause.BUFFER_FULL_OF_OTHERS, both(HOLDING, SILENCE)),
            Map.entry(StallCause.APPLICATION_NOT_POLLING, AWAY),
            Map.entry(StallCause.EVICTED_FOR_SLOW_POLL, AWAY),
            Map.entry(StallCause.COORDINATOR_MISSING, COORDINATOR),
            Map.entry(StallCause.COORDINATOR_LOADING, COORDINATOR),
            Map.entry(StallCause.COORDINATOR_UNREACHABLE, both(CONNECTION, COORDINATOR_SILENT)),
            Map.entry(StallCause.GROUP_NOT_AUTHORIZED, EnumSet.of(Act.API_REFUSED)),
            Map.entry(StallCause.INSTANCE_FENCED, IDENTITY),
            Map.entry(StallCause.COMMITTED_OFFSET_UNSTABLE, EnumSet.of(Act.OFFSET_UNSTABLE)),
            Map.entry(
                    StallCause.OFFSET_OUT_OF_RANGE,
                    EnumSet.of(Act.RETENTION, Act.LEADER_UNCLEAN, Act.TOPIC_RECREATED, Act.COMPACTED)),
            Map.entry(StallCause.TOPIC_RECREATED, EnumSet.of(Act.TOPIC_RECREATED)),
            Map.entry(StallCause.LOG_TRUNCATED, EnumSet.of(Act.LEADER_UNCLEAN, Act.TOPIC_RECREATED))));

    private final Shape shape;
    private final Troubles troubles;

    AllowedCauses(Shape shape, Troubles troubles) {
        this.shape = shape;
        this.troubles = troubles;
    }

    /** Causes that lie in the group and that something in the world has to be the reason for, announced or not. */
    private static final Set<StallCause> OF_GROUP = EnumSet.of(
            StallCause.EVICTED_FOR_SLOW_POLL,
            StallCause.COORDINATOR_MISSING,
            StallCause.COORDINATOR_LOADING,
            StallCause.COORDINATOR_UNREACHABLE,
            StallCause.GROUP_NOT_AUTHORIZED,
            StallCause.GROUP_REFUSED,
            StallCause.INSTANCE_FENCED,
            StallCause.COMMITTED_OFFSET_UNSTABLE);

    private static Set<Act> both(Set<Act> one, Set<Act> other) {
        Set<Act> both = EnumSet.copyOf(one);
        both.addAll(other);
        return both;
    }

    /** Whether the cause is one that may not even be named without a reason. */
    static boolean isOfGroup(StallCause cause) {
        return OF_GROUP.contains(cause);
    }

    /** Whether the guard may announce this cause now. */
    boolean isAllowed(StallCause cause) {
        if (cause == StallCause.NO_INITIAL_OFFSET) {
            return shape.reset() == Shape.Reset.NONE;
        }
        if (cause == StallCause.BUFFER_FULL_OF_OTHERS && sharesMemory() && !isHealthy()) {
            return true;
        }
        long window =
                switch (cause) {
                    case SESSION_DIVERGED -> COUNTED_NANOS;
                    // The membership is over until another one has begun.
                    case EVICTED_FOR_SLOW_POLL, COORDINATOR_UNREACHABLE -> RECENT_NANOS + JOIN_NANOS;
                    default -> RECENT_NANOS;
                };
        return ACTS.getOrDefault(cause, Set.of()).stream().anyMatch(act -> troubles.was(act, window));
    }

    /**
     * Whether fetches from two brokers may not be under way at a time: each may reserve nearly all the memory while the
     * broker waits for records. What came before may have kept the partition for long already.
     */
    private boolean sharesMemory() {
        return shape.brokers() > 1 && shape.bufferBytes() < 2L * shape.fetchBytes();
    }

    /** Whether anything at all has happened of late that could hold a consumer up. */
    boolean isHealthy() {
        return ACTS.values().stream().flatMap(Set::stream).noneMatch(act -> troubles.was(act, RECENT_NANOS));
    }
}
