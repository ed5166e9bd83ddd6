package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.OffsetCommit;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The requests of one member of the consumer protocol. Checks G5, G26, G29, G30, G32 and G34. */
final class HeartbeatRequests {
    private static final Set<BrokerError> NO_MEMBER =
            EnumSet.of(BrokerError.UNKNOWN_MEMBER_ID, BrokerError.FENCED_MEMBER_EPOCH, BrokerError.GROUP_ID_NOT_FOUND);
    private static final Set<BrokerError> FINAL =
            EnumSet.of(BrokerError.FENCED_INSTANCE_ID, BrokerError.GROUP_AUTHORIZATION_FAILED);

    /** Where a member stands, as its requests and their answers tell. */
    enum Standing {
        OUTSIDE,
        JOINING,
        JOINED,
        LEFT
    }

    /** A partition by the id of its topic. */
    private record ById(Uuid topic, int partition) {}

    private final MemberLedger member;
    private final GroupLedger group;
    private final GroupStates states;
    private Standing standing = Standing.OUTSIDE;
    private @Nullable String memberId;
    private int epoch;
    /** Grows with each join and leave, so that an answer to an earlier membership is not taken for one to this. */
    private long incarnation;

    private long sentIn;
    private long sentNanos;
    private boolean nextIsFull = true;
    private boolean isInOrder;
    private boolean isRefused;
    private Set<ById> said = new HashSet<>();
    /** What the coordinator has assigned last. */
    private Set<ById> assigned = new HashSet<>();
    /** What it has assigned since a claim has left it out: the application may take the word of it at any moment. */
    private final Set<ById> offered = new HashSet<>();

    HeartbeatRequests(MemberLedger member, GroupLedger group, GroupStates states) {
        this.member = member;
        this.group = group;
        this.states = states;
    }

    boolean isInOrder() {
        return isInOrder;
    }

    boolean isRefused() {
        return isRefused;
    }

    void beats(ConsumerGroupHeartbeatRequest beat, @Nullable ConsumerGroupHeartbeatRequest outstanding) {
        if (memberId != null && !memberId.equals(beat.memberId())) {
            throw new Violation("G29", member + " is '" + beat.memberId() + "', and was '" + memberId + "'");
        }
        memberId = beat.memberId();
        if (beat.epoch() < 0) {
            leaves(beat);
            return;
        }
        if (outstanding != null) {
            throw new Violation("G26", member + " sends a heartbeat while another is under way");
        }
        boolean isFull = beat.rebalanceTimeoutMs() != -1 && beat.topics() != null && beat.owned() != null;
        if (!isFull && (nextIsFull || beat.epoch() == 0)) {
            throw new Violation(
                    "G30", member + " does not say everything after " + standing + ": " + GroupWording.heartbeat(beat));
        }
        if (beat.epoch() == 0) {
            joins(beat);
        } else if (standing == Standing.LEFT) {
            throw new Violation("G34", member + " sends a heartbeat after it has left");
        } else if (beat.epoch() != epoch) {
            throw new Violation("G29", member + " is at " + beat.epoch() + ", and the coordinator last said " + epoch);
        }
        Map<Uuid, Set<Integer>> owned = beat.owned();
        if (owned != null) {
            claims(owned);
        }
        nextIsFull = false;
        sentIn = incarnation;
        sentNanos = group.nowNanos();
    }

    private void joins(ConsumerGroupHeartbeatRequest beat) {
        Map<Uuid, Set<Integer>> owned = beat.owned();
        if (owned == null || !owned.isEmpty() || !member.owned().isEmpty()) {
            throw new Violation("G32", member + " joins, and owns " + GroupWording.partitions(member.owned()));
        }
        incarnation++;
        epoch = 0;
        standing = Standing.JOINING;
        isInOrder = false;
        said.clear();
        member.revocation.end();
    }

    private void leaves(ConsumerGroupHeartbeatRequest beat) {
        if (standing == Standing.LEFT) {
            throw new Violation("G34", member + " leaves twice");
        }
        if (beat.epoch() == -1 && !member.mayLeave()) {
            throw new Violation("G34", member + " leaves for good, and is static");
        }
        standing = Standing.LEFT;
        incarnation++;
        isInOrder = false;
        member.forfeits("it has left");
    }

    private void claims(Map<Uuid, Set<Integer>> owned) {
        Set<ById> claimed = byId(owned);
        Set<ById> told = new HashSet<>();
        for (Ownership ownership : member.ownerships()) {
            ById byId = new ById(ownership.givenTopic, ownership.name.partition());
            told.add(byId);
            if (said.contains(byId) && !claimed.contains(byId)) {
                throw new Violation(
                        "G5", member + " says to have given up " + ownership + " before its listener has returned");
            }
        }
        for (ById one : claimed) {
            if (!told.contains(one) && !offered.contains(one) && group.isThere(one.topic())) {
                throw new Violation(
                        "G32",
                        member + " claims partition " + one.partition() + " of topic #"
                                + one.topic().getLeastSignificantBits() + ", and owns "
                                + GroupWording.partitions(member.owned()));
            }
        }
        offered.removeIf(one -> !claimed.contains(one) && !assigned.contains(one));
        said = claimed;
        if (assigned.containsAll(claimed)) {
            member.revocation.end();
        }
    }

    private static Set<ById> byId(Map<Uuid, Set<Integer>> partitions) {
        Set<ById> byId = new HashSet<>();
        partitions.forEach((topic, numbers) -> numbers.forEach(number -> byId.add(new ById(topic, number))));
        return byId;
    }

    void failed(ConsumerGroupHeartbeatRequest beat) {
        states.reached("consumer", standing, "NO_ANSWER");
        if (beat.epoch() >= 0) {
            nextIsFull = true;
            isInOrder = false;
        }
    }

    void answered(Request<?> request, Answer answer) {
        countCommit(answer);
        if (request instanceof ConsumerGroupHeartbeatRequest beat) {
            answered(beat, (ConsumerGroupHeartbeatResponse) answer);
        }
    }

    private void countCommit(Answer answer) {
        if (answer instanceof OffsetCommitResponse stored && memberId != null) {
            stored.partitions().values().stream()
                    .map(OffsetCommit.Stored::error)
                    .distinct()
                    .forEach(error -> states.reached("consumer", standing, "COMMIT_" + error));
        }
    }

    private void answered(ConsumerGroupHeartbeatRequest beat, ConsumerGroupHeartbeatResponse heard) {
        states.reached(
                "consumer", standing, "HEARTBEAT_" + heard.error() + (heard.assignment() == null ? "" : "_NEWS"));
        if (beat.epoch() < 0 || sentIn != incarnation) {
            return;
        }
        isInOrder = heard.error() == BrokerError.NONE && heard.epoch() > 0;
        if (isInOrder) {
            epoch = heard.epoch();
            standing = Standing.JOINED;
            Map<Uuid, Set<Integer>> news = heard.assignment();
            assigned = news == null ? assigned : byId(news);
            offered.addAll(assigned);
            timeRevocation();
        } else {
            nextIsFull = true;
            refused(beat, heard.error());
        }
    }

    private void timeRevocation() {
        boolean isWantedBack = member.ownerships().stream()
                .anyMatch(each -> !assigned.contains(new ById(each.givenTopic, each.name.partition())));
        if (isWantedBack) {
            member.revocation.begin(sentNanos);
        } else {
            member.revocation.end();
        }
    }

    private void refused(ConsumerGroupHeartbeatRequest beat, BrokerError error) {
        isRefused |= FINAL.contains(error);
        boolean isGone = NO_MEMBER.contains(error) && beat.epoch() > 0;
        if (isGone || FINAL.contains(error)) {
            standing = Standing.OUTSIDE;
            epoch = 0;
            member.forfeits("the coordinator has answered " + error);
        }
    }
}
