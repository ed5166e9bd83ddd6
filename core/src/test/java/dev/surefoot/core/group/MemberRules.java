package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Deadline;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a member of either protocol, whatever its brokers, its application and the time do to it; looked at
 * with everything that leaves it, and after each turn.
 */
final class MemberRules {
    /** What must hold of the requests of one protocol. */
    interface OfRequests {
        /** A request is handed over, which {@link TracedMember#requestsUnderWay} does not name yet. */
        void sent(Request<?> request);

        /** A request is about to have an outcome: an answer, or null if there is none. */
        void ended(Request<?> request, @Nullable Answer answer);

        /** A turn is over; the next one is due then. */
        void turned(long dueNanos);
    }

    private final TracedMember member;
    private final OfRequests requests;

    /** What the application owns by its own word: what it has taken, without what it has given up. */
    final Set<TopicPartition> taken = new TreeSet<>(PartitionOrder.BY_NAME);

    /** What the application is asked and has not answered. */
    @Nullable GroupNotice asked;

    /** How often the application was told of an exception. */
    int raised;

    int started;
    private final Set<TopicPartition> held = new HashSet<>();
    /** When the rebalance under way has begun; the last of several beginnings counts. */
    private long startNanos = Deadline.NEVER;

    private final Set<Long> moments = new HashSet<>();
    private long lastToken;
    private boolean coordinatorKnown;
    private boolean wasMember;
    private long lastIncarnation;
    private int ended;
    private int left;

    MemberRules(TracedMember member) {
        this.member = member;
        this.requests = switch (member.settings.protocol()) {
            case CLASSIC -> new ClassicRequestRules(member, this);
            case CONSUMER -> new ConsumerRequestRules(member);
        };
    }

    // Requests.

    void sent(Request<?> request) {
        moments.add(member.now);
        Coordinator.Instance at = member.coordinator.instance();
        if (request instanceof FindCoordinatorRequest) {
            assertThat(at).as("looks for a coordinator that it knows").isNull();
            assertThat(member.isUnderWay(FindCoordinatorRequest.class))
                    .as("two look-ups at once")
                    .isFalse();
        } else {
            assertThat(at).as("asks nobody: " + request).isNotNull();
            assertThat(request.nodeId())
                    .as("G26: asks the coordinator")
                    .isEqualTo(at.node().id());
            requests.sent(request);
        }
    }

    void ended(Request<?> request, @Nullable Answer answer) {
        moments.add(member.now);
        requests.ended(request, answer);
    }

    // Effects.

    void applied(GroupEffect effect) {
        effect.accept(new Effects());
    }

    private final class Effects implements GroupEffect.Visitor {
        @Override
        public void notify(GroupEffect.Notify told) {
            told.notice().accept(new Notices());
        }

        @Override
        public void supersede(GroupEffect.Supersede told) {
            GroupNotice.Revoked notice = told.notice();
            GroupNotice before = asked;
            assertThat(before).as("takes the place of nothing").isNotNull();
            assertThat(notice.token()).isEqualTo(MemberWords.token(before));
            checkRevoked(notice);
            asked = notice;
        }

        @Override
        public void hold(GroupEffect.Hold told) {
            assertThat(told.partitions()).isNotEmpty();
            held.addAll(told.partitions());
        }

        @Override
        public void refreshMetadata(GroupEffect.RefreshMetadata told) {
            member.refreshes++;
        }

        @Override
        public void raise(GroupEffect.Raise told) {
            raised++;
        }

        @Override
        public void report(GroupEffect.Report told) {
            checkEvent(told.event());
        }
    }

    private void ask(GroupNotice notice) {
        assertThat(asked).as("at most one notice is without an answer").isNull();
        assertThat(MemberWords.token(notice)).isGreaterThan(lastToken);
        lastToken = MemberWords.token(notice);
        asked = notice;
    }

    private void checkRevoked(GroupNotice.Revoked notice) {
        assertThat(notice.partitions()).as("what goes is not fetched any more").isSubsetOf(held);
        assertThat(notice.partitions()).as("only what is owned can go").isSubsetOf(taken);
        Membership membership = member.membership;
        if (notice.loss() == Loss.REVOKED) {
            assertThat(membership.isMember())
                    .as("G24: whoever is no member has lost its partitions")
                    .isTrue();
        } else {
            assertThat(!membership.isMember() || membership.isLeaving())
                    .as("G24: a member loses nothing")
                    .isTrue();
        }
        assertThat(!notice.tellsEmpty() || (!member.settings.cooperative() && membership.isMember()))
                .as("only an eager member is told of an empty revocation")
                .isTrue();
    }

    private final class Notices implements GroupNotice.Visitor {
        @Override
        public void revoked(GroupNotice.Revoked notice) {
            ask(notice);
            checkRevoked(notice);
            assertThat(!notice.partitions().isEmpty() || notice.joinFollows())
                    .as("nothing is told of nothing")
                    .isTrue();
        }

        @Override
        public void assigned(GroupNotice.Assigned notice) {
            ask(notice);
            assertThat(notice.identity()).isEqualTo(member.membership.identity());
            assertThat(member.membership.isMember())
                    .as("G3: only a member is assigned")
                    .isTrue();
            assertThat(Collections.disjoint(notice.added(), taken))
                    .as("is added once")
                    .isTrue();
            Set<TopicPartition> all = new HashSet<>(taken);
            all.addAll(notice.added());
            assertThat(notice.owned()).as("what is kept, and what is added").containsExactlyInAnyOrderElementsOf(all);
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            ask(notice);
            assertThat(member.membership.isRebalancing()).isTrue();
            assertThat(notice.subscriptions())
                    .containsKey(member.membership.identity().memberId());
            assertThat(member.settings.assignors()).contains(notice.assignor());
        }

        @Override
        public void identified(GroupNotice.Identified notice) {
            assertThat(notice.identity()).isEqualTo(member.membership.identity());
        }

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {
            throw new AssertionError("a member settles no commits");
        }

        @Override
        public void left(GroupNotice.Left notice) {
            assertThat(taken).as("has left, and owns").isEmpty();
            assertThat(member.membership.isMember()).as("has left").isFalse();
            left++;
        }
    }

    private void checkEvent(GroupEvent event) {
        if (event instanceof GroupEvent.CoordinatorFound) {
            assertThat(coordinatorKnown).isFalse();
            coordinatorKnown = true;
        } else if (event instanceof GroupEvent.CoordinatorLost) {
            assertThat(coordinatorKnown).as("loses one that was found").isTrue();
            coordinatorKnown = false;
        } else if (event instanceof GroupEvent.RebalanceStarted) {
            started++;
            startNanos = member.now;
        } else if (event instanceof GroupEvent.RebalanceEnded over) {
            assertThat(startNanos).as("ends what has begun").isNotEqualTo(Deadline.NEVER);
            assertThat(over.durationNanos()).isEqualTo(member.now - startNanos);
            startNanos = Deadline.NEVER;
            if (!over.failed()) {
                assertThat(over.owned()).isEqualTo(taken.size());
                assertThat(over.epoch()).isEqualTo(member.membership.identity().epoch());
            }
        } else if (event instanceof GroupEvent.MembershipEnded) {
            ended++;
        } else if (event instanceof GroupEvent.LeaseLapsed lapsed) {
            assertThat(member.membership.isMember())
                    .as("only a member has a lease")
                    .isTrue();
            assertThat(moments).as("something was sent or answered then").contains(lapsed.sinceNanos());
            assertThat(member.now - lapsed.sinceNanos())
                    .isGreaterThanOrEqualTo(member.settings.timing().sessionTimeoutMs() * TracedMember.MILLI);
        } else if (event instanceof GroupEvent.RequestEnded answered) {
            assertThat(moments).contains(member.now - answered.latencyNanos());
        }
    }

    // The application.

    /** The application answers what it has taken, which may have been superseded since. */
    void settled(GroupNotice notice) {
        if (MemberWords.token(notice) == lastToken) {
            asked = null;
        }
        if (notice instanceof GroupNotice.Revoked revoked) {
            taken.removeAll(revoked.partitions());
            held.removeAll(revoked.partitions());
        } else if (notice instanceof GroupNotice.Assigned assigned) {
            taken.addAll(assigned.owned());
            held.removeAll(assigned.added());
        }
    }

    // Time.

    void turned(long dueNanos) {
        Membership membership = member.membership;
        MemberIdentity identity = membership.identity();
        boolean isMember = membership.isMember();
        assertThat(identity.incarnation()).isGreaterThanOrEqualTo(lastIncarnation);
        if (isMember != wasMember) {
            assertThat(identity.incarnation())
                    .as("a membership that begins or ends is another one")
                    .isGreaterThan(lastIncarnation);
        }
        if (wasMember && !isMember) {
            assertThat(ended + left).as("an end is told").isPositive();
        }
        wasMember = isMember;
        lastIncarnation = identity.incarnation();
        ended = 0;
        left = 0;
        checkOwned();
        if (isMember && !membership.isLeaving() && !member.isPolling() && member.leftPollNanos() >= 0) {
            long endNanos = member.leftPollNanos() + member.settings.timing().maxPollIntervalMs() * TracedMember.MILLI;
            assertThat(member.now).as("G36: polls in time").isLessThan(endNanos);
            assertThat(dueNanos).as("G36: looks in time").isLessThanOrEqualTo(endNanos);
        }
        assertThat(dueNanos).as("G37: the deadline is ahead").isGreaterThan(member.now);
        requests.turned(dueNanos);
    }

    private void checkOwned() {
        Set<TopicPartition> atMost = new HashSet<>(taken);
        if (asked instanceof GroupNotice.Assigned assigned) {
            atMost.addAll(assigned.added());
        }
        Set<TopicPartition> owned = member.membership.owned();
        assertThat(taken).isSubsetOf(owned);
        if (!(asked instanceof GroupNotice.Revoked)) {
            assertThat(owned).isSubsetOf(atMost);
        }
        if (!member.membership.isMember() && asked == null) {
            assertThat(taken).as("G8: whoever is no member owns nothing").isEmpty();
        }
        if (asked == null && !member.membership.isLeaving()) {
            assertThat(Collections.disjoint(taken, held))
                    .as("what is not fetched was asked for")
                    .isTrue();
        }
    }

    /** Whether the member can send what it wants to: it knows its coordinator, which can be reached. */
    boolean mayAsk() {
        return member.coordinator.instance() != null && member.readiness.isReady() && !member.refusesRequests;
    }
}
