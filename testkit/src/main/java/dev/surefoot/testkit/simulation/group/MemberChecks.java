package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.testkit.simulation.search.InvariantBroken;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;

/**
 * The invariants of one member, checked where it is told something or its application does something. Those of its
 * requests are {@link RequestChecks}.
 */
final class MemberChecks {
    private static final int SILENT_TICKS_MAX = 3;

    private final SmallGroup world;
    private final SmallMember member;
    private final RequestChecks requests;

    /** What the coordinator has given it last. */
    private Set<TopicPartition> granted = Set.of();
    /** Whether it was told, or knows by itself, that the coordinator may not count it. */
    private boolean mayBeLost;
    /** Whether its membership was refused for good. */
    private boolean fatal;
    /** The incarnation of its identity when an answer came that ends it; -1 for none. */
    private long endedIncarnation = -1;

    private String endedBy = "";
    private int silentTicks;

    MemberChecks(SmallGroup world, SmallMember member) {
        this.world = world;
        this.member = member;
        this.requests = new RequestChecks(member);
    }

    private InvariantBroken broken(String invariant, String detail) {
        return new InvariantBroken(invariant, member + " " + detail);
    }

    // Requests and answers.

    void sent(Request<?> request) {
        silentTicks = 0;
        if (fatal && !(request instanceof FindCoordinatorRequest)) {
            throw broken("G35", "was refused for good, and sends " + request);
        }
        requests.check(request);
    }

    /** An answer is about to be handed to the member. */
    void answering(Request<?> request, Answer answer) {
        requests.answered(request, answer);
        BrokerError error = GroupAnswerErrors.of(answer);
        boolean present = GroupAnswerErrors.isOf(request, member.membership.identity());
        if (answer instanceof ConsumerGroupHeartbeatResponse told && told.assignment() != null) {
            granted = world.named(told.assignment());
        }
        Set<TopicPartition> synced = GroupAnswerErrors.assigned(answer);
        if (synced != null) {
            granted = synced;
        }
        if (GroupAnswerErrors.endsMembership(error)) {
            mayBeLost = true;
            boolean takesPart = member.membership.isMember() || member.membership.isRebalancing();
            boolean fenced = error == BrokerError.FENCED_INSTANCE_ID && present && takesPart && !isCommit(answer);
            fatal |= fenced && !requests.joinAnew();
            // A member that leaves has given its partitions up, or is about to, and hears no more of its rounds.
            boolean ends = present && member.membership.isMember() && !member.membership.isLeaving();
            if (ends && !isConsumerCommit(request)) {
                endedIncarnation = member.membership.identity().incarnation();
                endedBy = request.getClass().getSimpleName() + " was answered " + error;
            }
        }
    }

    private static boolean isCommit(Answer answer) {
        return answer instanceof OffsetCommitResponse;
    }

    /** In the consumer protocol only a heartbeat ends a membership; a refused commit makes one due. */
    private boolean isConsumerCommit(Request<?> request) {
        return request instanceof OffsetCommitRequest
                && !world.settings().kind().isClassic();
    }

    /** The member has got the answer, and its loop has turned. */
    void answered() {
        if (endedIncarnation >= 0) {
            boolean goesOn =
                    member.membership.isMember() && member.membership.identity().incarnation() == endedIncarnation;
            endedIncarnation = -1;
            if (goesOn) {
                throw broken(endedBy.startsWith("OffsetCommit") ? "G13" : "G8", "goes on, although its " + endedBy);
            }
        }
    }

    void raised(KafkaException cause) {
        boolean isExpected = world.settings().isStatic()
                && (cause instanceof FencedInstanceIdException || cause instanceof UnreleasedInstanceIdException);
        if (!isExpected) {
            throw broken("raised", "raises what its application can do nothing about: " + cause);
        }
        fatal = true;
        member.end();
    }

    // Time.

    void timePasses() {
        boolean owes = member.membership.isMember() && !member.wire.isBusy() && member.isSubscribed();
        silentTicks = owes ? silentTicks + 1 : 0;
        if (silentTicks > SILENT_TICKS_MAX) {
            throw broken("G27", "is a member and has sent nothing for " + silentTicks + " intervals");
        }
        requests.timePasses();
    }

    /** The application wants to leave; what it owns may then be lost. */
    void leaving() {
        mayBeLost = true;
        requests.forgetGivenId();
    }

    void staysAway() {
        mayBeLost = true;
        requests.expires();
    }

    void stayedAway() {
        if (member.membership.isMember()) {
            throw broken("G36", "is still a member, although its application was away for longer than it may");
        }
    }

    // Notices.

    /** The application is told that it is to give partitions up. */
    void revoking(GroupNotice.Revoked notice) {
        for (TopicPartition partition : notice.partitions()) {
            if (member.application.positions.containsKey(partition)
                    && !member.application.held().contains(partition)) {
                throw broken("G1", "is still fetching " + partition + ", which it is told to give up");
            }
        }
    }

    /** The application is told that it gets partitions. */
    void assigning(GroupNotice.Assigned notice) {
        if (!granted.containsAll(notice.owned())) {
            throw broken("G3", "is assigned " + notice.owned() + ", and the coordinator gave it " + granted);
        }
    }

    /** The application takes the notice that it is to give partitions up. */
    void revoked(GroupNotice.Revoked notice) {
        Set<TopicPartition> owned = member.application.positions.keySet();
        if (!owned.containsAll(notice.partitions())) {
            throw broken("G23", "owns " + owned + " and gives up " + notice.partitions());
        }
        if (notice.partitions().isEmpty()) {
            return;
        }
        if (notice.loss() == Loss.LOST && !mayBeLost) {
            throw broken("G24", "loses " + notice.partitions() + ", although the coordinator counts it");
        }
        boolean knownLost = !member.membership.isMember() && mayBeLost;
        if (notice.loss() == Loss.REVOKED && knownLost) {
            throw broken("G24", "gives up " + notice.partitions() + " in order, although its membership is lost");
        }
    }

    void assigned(GroupNotice.Assigned notice) {
        for (TopicPartition added : notice.added()) {
            if (member.application.positions.containsKey(added)) {
                throw broken("G23", "is assigned " + added + ", which it owns already");
            }
        }
        mayBeLost = false;
    }

    void assignedTo(Set<TopicPartition> owned, Set<TopicPartition> told) {
        if (!owned.equals(told)) {
            throw broken("G25", "owns " + owned + " by its callbacks, and is told that it owns " + told);
        }
    }

    void left(Set<TopicPartition> owned) {
        if (!owned.isEmpty()) {
            throw broken("G8", "has left, and still owns " + owned);
        }
    }

    // What the application does.

    void delivered(TopicPartition partition, long offset) {
        if (!member.application.positions.containsKey(partition)) {
            throw broken("G2", "delivers a record of " + partition + ", which it does not own");
        }
        if (member.application.held().contains(partition)) {
            throw broken("G1", "delivers a record of " + partition + ", which it is about to give up");
        }
        world.checks().delivered(partition, offset + 1);
    }

    void committing(Map<TopicPartition, Long> offsets) {
        Set<TopicPartition> others = new TreeSet<>(SmallAssignor.ORDER);
        others.addAll(offsets.keySet());
        others.removeAll(member.application.positions.keySet());
        if (!others.isEmpty()) {
            throw broken("G9", "commits " + others + ", which it does not own");
        }
    }

    // The state between two steps.

    void check() {
        SmallApplication application = member.application;
        if (!application.held().isEmpty() && !application.isAsked()) {
            throw broken("G6", "keeps " + application.held() + " and does not fetch it any more");
        }
    }

    boolean isFatal() {
        return fatal;
    }

    int joins() {
        return requests.joins();
    }
}
