package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.testkit.exchange.ByClass;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one member sends for its group and hears. Checks what holds for every request (G26, G28, G35, G36) and has the
 * requests of its protocol, its commits and its look-ups of offsets checked by others.
 */
public final class MemberRequests implements WireWatch {
    private static final long WINDOW_NANOS = 100_000_000L;
    private static final int IN_WINDOW_MOST = 3;
    /** Back-offs have a jitter of a fifth. */
    private static final long BACKOFF_MIN_NANOS = 80_000_000L;

    private static final int NOWHERE = -1;

    private static final Set<Class<?>> OF_OFFSETS = Set.of(OffsetCommitRequest.class, OffsetFetchRequest.class);

    private static final Set<Class<?>> OF_MEMBERSHIP = Set.of(
            JoinGroupRequest.class,
            SyncGroupRequest.class,
            HeartbeatRequest.class,
            LeaveGroupRequest.class,
            ConsumerGroupHeartbeatRequest.class);

    /** What follows from a request to the coordinator. */
    private static final ByClass<Request<?>, ObjLongConsumer<MemberRequests>> SENT = new ByClass<
                    Request<?>, ObjLongConsumer<MemberRequests>>(request -> (requests, nowNanos) -> {})
            .with(OffsetCommitRequest.class, commit -> (requests, nowNanos) -> requests.commits(commit, nowNanos))
            .with(JoinGroupRequest.class, join -> (requests, nowNanos) -> requests.joins(join, nowNanos))
            .with(SyncGroupRequest.class, sync -> (requests, nowNanos) -> requests.syncs(sync))
            .with(HeartbeatRequest.class, beat -> (requests, nowNanos) -> requests.beats(beat, nowNanos))
            .with(LeaveGroupRequest.class, leave -> (requests, nowNanos) -> requests.leaves(leave))
            .with(ConsumerGroupHeartbeatRequest.class, beat -> (requests, nowNanos) -> requests.beats(beat, nowNanos));

    /** What follows from an answer. */
    private interface Hearing {
        void hear(MemberRequests requests, Request<?> request, long sentNanos);
    }

    private static final ByClass<Answer, Hearing> HEARD = new ByClass<Answer, Hearing>(
                    answer -> (requests, request, sentNanos) -> requests.answeredToMember(request, answer))
            .with(FindCoordinatorResponse.class, found -> (requests, request, sentNanos) -> requests.found(found))
            .with(
                    OffsetCommitResponse.class,
                    stored -> (requests, request, sentNanos) -> requests.stored(request, stored))
            .with(
                    OffsetFetchResponse.class,
                    found -> (requests, request, sentNanos) -> requests.offsets.found(found, sentNanos));

    private final MemberLedger member;
    private final GroupLedger group;
    private final MemberOffsets offsets;
    private final ClassicRequests classic;
    private final HeartbeatRequests heartbeats;
    private final HeartbeatRoom heartbeatRoom;
    /** How commits follow each other; null if that depends on more than the consumer. */
    private final @Nullable AutoCommitPace pace;
    /** When each request without an outcome was sent. */
    private final IdentityHashMap<Request<?>, Long> sentNanos = new IdentityHashMap<>();

    private final ArrayDeque<Long> joins = new ArrayDeque<>();
    private final ArrayDeque<Long> beats = new ArrayDeque<>();
    private long lastLookUpNanos = Long.MIN_VALUE / 2;
    private long lastBeatNanos = Long.MIN_VALUE / 2;
    private int coordinator = NOWHERE;

    /** @param isCooperative whether the member gives partitions up one by one (classic protocol) */
    public MemberRequests(MemberLedger member, GroupLedger group, boolean isCooperative, GroupStates states) {
        this.member = member;
        this.group = group;
        this.offsets = new MemberOffsets(member, group);
        this.classic = new ClassicRequests(member, isCooperative, states);
        this.heartbeats = new HeartbeatRequests(member, group, states);
        this.heartbeatRoom = new HeartbeatRoom(member, group.terms().heartbeatNanos());
        long autoCommitNanos = group.terms().autoCommitNanos();
        this.pace =
                autoCommitNanos == 0 ? null : new AutoCommitPace(member.toString(), autoCommitNanos, BACKOFF_MIN_NANOS);
    }

    /** Whether the coordinator has last said that the member is one, and the member has said nothing else since. */
    public boolean isInOrder() {
        return classic.isInOrder() || heartbeats.isInOrder();
    }

    /** When the member last said that it is alive. */
    public long lastHeartbeatNanos() {
        return lastBeatNanos;
    }

    @Override
    public void sent(Request<?> request) {
        long nowNanos = group.nowNanos();
        checkLookUp(request, nowNanos);
        if (isForGroup(request)) {
            sentToGroup(request, nowNanos);
        }
        if (request instanceof FetchRequest fetch) {
            member.kept.fetches(fetch.plan());
        }
        if (isOfMembership(request)) {
            heartbeatRoom.isNotDue();
        }
        sentNanos.put(request, nowNanos);
    }

    private void checkLookUp(Request<?> request, long nowNanos) {
        if (!(request instanceof FindCoordinatorRequest)) {
            return;
        }
        if (nowNanos - lastLookUpNanos < BACKOFF_MIN_NANOS) {
            throw new Violation(
                    "G28",
                    member + " looks the coordinator up again after " + (nowNanos - lastLookUpNanos) / 1_000_000
                            + " ms");
        }
        lastLookUpNanos = nowNanos;
    }

    private static boolean isForGroup(Request<?> request) {
        return isOfMembership(request) || OF_OFFSETS.contains(request.getClass());
    }

    private static boolean isOfMembership(Request<?> request) {
        return OF_MEMBERSHIP.contains(request.getClass());
    }

    private void sentToGroup(Request<?> request, long nowNanos) {
        if (request.nodeId() != coordinator) {
            throw new Violation(
                    "G26",
                    member + " asks broker " + request.nodeId()
                            + " for its group, and was told that the coordinator is " + coordinator);
        }
        // A leave may have waited for its connection since before the refusal. It names the member's own id.
        boolean leaves = request instanceof LeaveGroupRequest && member.isLeaving();
        if (isOfMembership(request) && !leaves && (classic.isFenced() || heartbeats.isRefused())) {
            throw new Violation(
                    "G35",
                    member + " sends a " + request.getClass().getSimpleName() + " after it was refused for good");
        }
        SENT.of(request).accept(this, nowNanos);
    }

    private void commits(OffsetCommitRequest commit, long nowNanos) {
        offsets.commits(commit);
        heartbeatRoom.commits(nowNanos);
        if (pace != null && !member.isLeaving()) {
            pace.sent(commit, nowNanos, member.callbacks());
        }
    }

    private void ended(Request<?> commit, boolean isStored) {
        if (pace != null) {
            pace.ended(commit, isStored);
        }
    }

    private void stored(Request<?> commit, OffsetCommitResponse answer) {
        ended(commit, answer.partitions().values().stream().allMatch(stored -> stored.error() == BrokerError.NONE));
        answeredToMember(commit, answer);
    }

    private void joins(JoinGroupRequest join, long nowNanos) {
        atMostThree(joins, nowNanos, "JoinGroup");
        classic.joins(join, roundsUnderWay());
        member.told();
    }

    private void syncs(SyncGroupRequest sync) {
        classic.syncs(sync, roundsUnderWay());
    }

    private void beats(HeartbeatRequest beat, long nowNanos) {
        beats(nowNanos);
        classic.beats(beat, underWay(HeartbeatRequest.class));
    }

    private void leaves(LeaveGroupRequest leave) {
        classic.leaves(leave);
        member.told();
    }

    private void beats(ConsumerGroupHeartbeatRequest beat, long nowNanos) {
        if (beat.epoch() >= 0) {
            beats(nowNanos);
        }
        heartbeats.beats(beat, outstandingBeat());
        if (beat.epoch() < 0) {
            member.told();
        } else if (beat.owned() != null) {
            member.told(beat.owned());
        }
    }

    private void beats(long nowNanos) {
        atMostThree(beats, nowNanos, "heartbeat");
        lastBeatNanos = nowNanos;
        member.requirePolling(nowNanos);
    }

    private void atMostThree(ArrayDeque<Long> times, long nowNanos, String what) {
        times.add(nowNanos);
        while (times.element() <= nowNanos - WINDOW_NANOS) {
            times.remove();
        }
        if (times.size() > IN_WINDOW_MOST) {
            throw new Violation("G28", member + " sends a fourth " + what + " within 100 ms");
        }
    }

    private long underWay(Class<?> kind) {
        return sentNanos.keySet().stream().filter(kind::isInstance).count();
    }

    private long roundsUnderWay() {
        return underWay(JoinGroupRequest.class) + underWay(SyncGroupRequest.class);
    }

    private @Nullable ConsumerGroupHeartbeatRequest outstandingBeat() {
        for (Request<?> request : sentNanos.keySet()) {
            if (request instanceof ConsumerGroupHeartbeatRequest beat && beat.epoch() >= 0) {
                return beat;
            }
        }
        return null;
    }

    @Override
    public void answered(Request<?> request, Answer answer) {
        Long sent = sentNanos.remove(request);
        if (sent == null) {
            return;
        }
        HEARD.of(answer).hear(this, request, sent);
    }

    private void found(FindCoordinatorResponse found) {
        if (found.coordinator() != null) {
            coordinator = found.coordinator().id();
        }
    }

    private void answeredToMember(Request<?> request, Answer answer) {
        classic.answered(request, answer);
        heartbeats.answered(request, answer);
        // While a heartbeat has no outcome, as its answer is lost, no other one may leave.
        boolean isWaiting = sentNanos.keySet().stream().anyMatch(MemberRequests::isOfMembership);
        if (isOfMembership(request) && isInOrder() && !isWaiting) {
            heartbeatRoom.heardOf(group.nowNanos());
        }
    }

    @Override
    public void failed(Request<?> request, RequestFailure failure) {
        sentNanos.remove(request);
        ended(request, false);
        if (isOfMembership(request)) {
            heartbeatRoom.failed(group.nowNanos());
        }
        if (request instanceof ConsumerGroupHeartbeatRequest beat) {
            heartbeats.failed(beat);
        }
        classic.failed(request);
    }
}
