package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatResponse;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.testkit.exchange.ByClass;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The requests of one member of the classic protocol. Checks G5, G26, G29, G32 and G34. */
final class ClassicRequests {
    /** Errors by which the coordinator says that it does not count the sender, under the identity that it has sent. */
    private static final Set<BrokerError> NO_MEMBER =
            EnumSet.of(BrokerError.UNKNOWN_MEMBER_ID, BrokerError.ILLEGAL_GENERATION, BrokerError.FENCED_INSTANCE_ID);

    /** Where a member stands, as its requests and their answers tell. */
    enum Standing {
        OUTSIDE,
        JOINING,
        JOINED,
        SYNCING,
        STABLE
    }

    /** What an answer means, together with the request that it is to. */
    private static final ByClass<Answer, BiConsumer<ClassicRequests, Request<?>>> MEANINGS = new ByClass<
                    Answer, BiConsumer<ClassicRequests, Request<?>>>(answer -> (classic, request) -> {})
            .with(
                    JoinGroupResponse.class,
                    joined -> (classic, request) -> classic.joined((JoinGroupRequest) request, joined))
            .with(
                    SyncGroupResponse.class,
                    synced -> (classic, request) -> classic.synced((SyncGroupRequest) request, synced))
            .with(
                    HeartbeatResponse.class,
                    heard -> (classic, request) -> classic.heard((HeartbeatRequest) request, heard))
            .with(
                    OffsetCommitResponse.class,
                    stored -> (classic, request) -> classic.stored((OffsetCommitRequest) request, stored));

    /** What follows if a request has no answer. */
    private static final ByClass<Request<?>, Consumer<ClassicRequests>> FAILURES = new ByClass<
                    Request<?>, Consumer<ClassicRequests>>(request -> classic -> {})
            .with(JoinGroupRequest.class, join -> ClassicRequests::roundFailed)
            .with(SyncGroupRequest.class, sync -> ClassicRequests::roundFailed)
            .with(HeartbeatRequest.class, beat -> classic -> classic.isUnheard = true);

    private final MemberLedger member;
    private final boolean isCooperative;
    private final GroupStates states;
    private final Set<String> left = new HashSet<>();
    private Standing standing = Standing.OUTSIDE;
    private String memberId = "";
    private int generation = -1;
    private int syncedGeneration = -1;
    /** Whether the last heartbeat had no answer, so that the coordinator may not have heard of the member. */
    private boolean isUnheard;

    private boolean isFenced;
    /** Whether the last id was fenced before any sync had confirmed it, so that one join without an id may follow. */
    private boolean joinsWithoutId;
    /** Whether it has done so since its last orderly sync. */
    private boolean hasJoinedWithoutId;

    private String confirmedId = "";
    /** How often the application had given up its membership when JoinGroup was sent. */
    private long joinsIn;

    ClassicRequests(MemberLedger member, boolean isCooperative, GroupStates states) {
        this.member = member;
        this.isCooperative = isCooperative;
        this.states = states;
    }

    boolean isInOrder() {
        return standing == Standing.STABLE && !isUnheard;
    }

    boolean isFenced() {
        return isFenced;
    }

    void failed(Request<?> request) {
        FAILURES.of(request).accept(this);
    }

    private void roundFailed() {
        states.reached("classic", standing, "NO_ANSWER");
        standing = Standing.OUTSIDE;
    }

    void joins(JoinGroupRequest join, long roundsUnderWay) {
        if (roundsUnderWay > 0) {
            throw new Violation("G26", member + " joins while a JoinGroup or SyncGroup is under way");
        }
        if (joinsWithoutId && !join.memberId().isEmpty()) {
            throw new Violation("G35", member + " joins as '" + join.memberId() + "', which was fenced");
        }
        joinsWithoutId = false;
        if (!join.memberId().isEmpty() && !join.memberId().equals(memberId)) {
            throw new Violation("G29", member + " joins as '" + join.memberId() + "', and is '" + memberId + "'");
        }
        join.protocols().forEach((assignor, said) -> {
            Set<TopicPartition> claimed = new HashSet<>(said.owned());
            Set<TopicPartition> owned = member.owned();
            if (!owned.containsAll(claimed)) {
                throw new Violation(
                        "G32",
                        member + " claims " + GroupWording.partitions(claimed) + ", and owns "
                                + GroupWording.partitions(owned));
            }
            if (!claimed.isEmpty() && said.generation() != syncedGeneration) {
                throw new Violation(
                        "G32",
                        member + " claims what it owns at generation " + said.generation() + ", and was last synced in "
                                + syncedGeneration);
            }
            boolean hasGivenUp = isCooperative ? claimed.containsAll(owned) : owned.isEmpty();
            if (!hasGivenUp) {
                throw new Violation(
                        "G5",
                        member + " joins with a claim to " + GroupWording.partitions(claimed)
                                + " before its listener has returned for the rest of "
                                + GroupWording.partitions(owned));
            }
        });
        String reason = join.reason().isEmpty() ? "first join" : join.reason();
        states.reached("rebalance", standing, reason.split(":", 2)[0]);
        standing = Standing.JOINING;
        joinsIn = member.leavings();
    }

    void syncs(SyncGroupRequest sync, long roundsUnderWay) {
        requireNotFenced("syncs");
        if (roundsUnderWay > 0) {
            throw new Violation("G26", member + " syncs while a JoinGroup or SyncGroup is under way");
        }
        requirePresent(sync.memberId(), sync.generation(), "syncs");
        standing = Standing.SYNCING;
    }

    void beats(HeartbeatRequest beat, long beatsUnderWay) {
        requireNotFenced("sends a heartbeat");
        if (beatsUnderWay > 0) {
            throw new Violation("G26", member + " sends a heartbeat while another is under way");
        }
        requirePresent(beat.memberId(), beat.generation(), "sends a heartbeat");
        if (left.contains(beat.memberId())) {
            throw new Violation("G34", member + " sends a heartbeat after it has left");
        }
    }

    private void requireNotFenced(String what) {
        if (joinsWithoutId) {
            throw new Violation("G35", member + " " + what + " as '" + memberId + "', which was fenced");
        }
    }

    private void requirePresent(String as, int in, String what) {
        if (!as.equals(memberId) || in != generation) {
            throw new Violation(
                    "G29",
                    member + " " + what + " as '" + as + "' in " + in + ", and is '" + memberId + "' in " + generation);
        }
    }

    void leaves(LeaveGroupRequest leave) {
        if (!left.add(leave.memberId())) {
            throw new Violation("G34", member + " leaves twice as '" + leave.memberId() + "'");
        }
        if (!member.mayLeave()) {
            throw new Violation("G34", member + " leaves, and is static");
        }
        standing = Standing.OUTSIDE;
        member.forfeits("it has left");
    }

    void answered(Request<?> request, Answer answer) {
        MEANINGS.of(answer).accept(this, request);
    }

    private void joined(JoinGroupRequest join, JoinGroupResponse answer) {
        states.reached("classic", standing, "JOIN_" + answer.error());
        if (joinsIn != member.leavings()) {
            // Who leaves has no use for the answer, but who closes goes on until its commits have their outcomes.
            if (answer.error() == BrokerError.NONE) {
                memberId = answer.memberId();
                generation = answer.generation();
            }
            standing = Standing.OUTSIDE;
            return;
        }
        if (answer.error() == BrokerError.NONE) {
            memberId = answer.memberId();
            generation = answer.generation();
            standing = Standing.JOINED;
        } else if (answer.error() == BrokerError.MEMBER_ID_REQUIRED) {
            memberId = answer.memberId();
            standing = Standing.OUTSIDE;
        } else {
            standing = Standing.OUTSIDE;
            refused(join.memberId(), generation, answer.error());
        }
    }

    private void synced(SyncGroupRequest sync, SyncGroupResponse answer) {
        states.reached("classic", standing, "SYNC_" + answer.error());
        boolean isPresent = sync.memberId().equals(memberId) && sync.generation() == generation;
        if (answer.error() == BrokerError.NONE && isPresent) {
            syncedGeneration = generation;
            confirmedId = memberId;
            hasJoinedWithoutId = false;
            isUnheard = false;
            standing = Standing.STABLE;
        } else {
            standing = Standing.OUTSIDE;
            refused(sync.memberId(), sync.generation(), answer.error());
        }
    }

    private void heard(HeartbeatRequest beat, HeartbeatResponse answer) {
        states.reached("classic", standing, "HEARTBEAT_" + answer.error());
        isUnheard = false;
        refused(beat.memberId(), beat.generation(), answer.error());
    }

    private void stored(OffsetCommitRequest commit, OffsetCommitResponse answer) {
        if (memberId.isEmpty()) {
            return; // it is a member by the other protocol, or none
        }
        answer.partitions().values().stream()
                .map(OffsetCommit.Stored::error)
                .distinct()
                .forEach(error -> {
                    states.reached("classic", standing, "COMMIT_" + error);
                    refused(commit.identity().memberId(), commit.identity().epoch(), error);
                });
    }

    private void refused(String as, int in, BrokerError error) {
        boolean isPresent = !as.isEmpty() && as.equals(memberId) && in == generation;
        if (isPresent && NO_MEMBER.contains(error)) {
            if (error == BrokerError.FENCED_INSTANCE_ID) {
                fenced();
            }
            standing = Standing.OUTSIDE;
            member.forfeits("the coordinator has answered " + error);
        } else if (error == BrokerError.REBALANCE_IN_PROGRESS && standing == Standing.STABLE) {
            standing = Standing.OUTSIDE;
        }
    }

    /**
     * A coordinator that has taken over, or has lost writes, does not know an id that was never stored with a plan. So
     * the member may join anew, once: twins that fence each other must not go on for ever.
     */
    private void fenced() {
        if (joinsWithoutId) {
            return; // another answer about the same id, to a request that was under way
        }
        if (memberId.equals(confirmedId) || hasJoinedWithoutId) {
            isFenced = true;
        } else {
            joinsWithoutId = true;
            hasJoinedWithoutId = true;
        }
    }
}
