package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.ClassicExchange.Sent;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * What the outcomes of JoinGroup and SyncGroup mean. The outcome of a round that has ended meanwhile changes nothing:
 * the member has left its state then, and does not get into it again before that outcome has come. Owned by the loop's
 * thread.
 */
final class ClassicAnswers implements ClassicExchange.Outcomes {
    private static final String PROTOCOL_TYPE = "consumer";

    private final ClassicMember member;
    private final Coordinator coordinator;
    private final ClassicRebalance rebalance;
    private final ClassicEnding ending;

    ClassicAnswers(ClassicMember member, Coordinator coordinator, ClassicRebalance rebalance, ClassicEnding ending) {
        this.member = member;
        this.coordinator = coordinator;
        this.rebalance = rebalance;
        this.ending = ending;
    }

    @Override
    public void joinAnswered(JoinGroupResponse answer, Sent sent, long nowNanos) {
        if (ending.leftWhileJoining() && answer.error() == BrokerError.NONE) {
            // Until it has given up everything it says that it is alive, and then leaves, as who it is now.
            member.identity.join(answer.memberId(), answer.generation());
        }
        if (member.state() != ClassicState.JOINING) {
            return;
        }
        ClassicReaction reaction = ClassicReaction.toJoin(answer.error());
        if (reaction == ClassicReaction.TAKE_MEMBER_ID) {
            coordinator.confirm(sent.at());
            rebalance.takeMemberId(answer.memberId(), nowNanos);
        } else if (reaction != ClassicReaction.NONE) {
            refused(reaction, "Joining", answer.error(), answer.errorCode(), sent, nowNanos);
        } else {
            inOrder(GroupEvent.Api.JOIN, sent, nowNanos);
            String type = answer.protocolType();
            String chosen = answer.assignor();
            if (chosen != null
                    && member.settings.assignors().contains(chosen)
                    && (type == null || type.equals(PROTOCOL_TYPE))) {
                rebalance.joined(answer, chosen, nowNanos);
            } else {
                member.report(new GroupEvent.RoundFailed());
                rebalance.raise(inconsistent("JoinGroup", chosen), nowNanos);
            }
        }
    }

    @Override
    public void syncAnswered(SyncGroupResponse answer, Sent sent, long nowNanos) {
        if (member.state() != ClassicState.SYNCING) {
            return;
        }
        ClassicReaction reaction = ClassicReaction.ofMember(answer.error());
        if (reaction != ClassicReaction.NONE) {
            refused(reaction, "Synchronizing", answer.error(), answer.errorCode(), sent, nowNanos);
            return;
        }
        inOrder(GroupEvent.Api.SYNC, sent, nowNanos);
        String named = answer.assignor();
        if (named == null || named.equals(rebalance.assignor())) {
            rebalance.synced(answer.assignment(), nowNanos);
        } else {
            member.report(new GroupEvent.RoundFailed());
            rebalance.raise(inconsistent("SyncGroup", named), nowNanos);
        }
    }

    private void inOrder(GroupEvent.Api api, Sent sent, long nowNanos) {
        coordinator.confirm(sent.at());
        member.report(new GroupEvent.RequestEnded(api, nowNanos - sent.sentNanos()));
    }

    private InconsistentGroupProtocolException inconsistent(String api, @Nullable String assignor) {
        return new InconsistentGroupProtocolException("The coordinator of group '" + member.settings.groupId()
                + "' has answered " + api + " for the assignor '" + assignor + "', but this consumer has joined with "
                + member.settings.assignors() + "; give all members of the group an assignor in common");
    }

    private void refused(
            ClassicReaction reaction, String doing, BrokerError error, short code, Sent sent, long nowNanos) {
        member.report(new GroupEvent.RoundFailed());
        coordinator.putOff(error, nowNanos);
        switch (reaction) {
            case NONE, TAKE_MEMBER_ID, AGAIN, REJOIN -> {
                coordinator.confirm(sent.at());
                member.heartbeats.confirm(nowNanos, nowNanos);
                rebalance.joinAtOnce(nowNanos);
            }
            case BACK_OFF -> rebalance.joinAfterBackOff(nowNanos);
            case FIND_COORDINATOR -> {
                coordinator.forget(sent.at(), error.name());
                rebalance.joinAfterBackOff(nowNanos);
            }
            case LOSE_GENERATION -> ending.lose(true, error.name(), nowNanos);
            case LOSE_MEMBERSHIP -> ending.lose(false, error.name(), nowNanos);
            case FENCE -> ending.fence(GroupErrors.of(doing, member.settings.groupId(), error, code), nowNanos);
            case RAISE -> rebalance.raise(GroupErrors.of(doing, member.settings.groupId(), error, code), nowNanos);
        }
    }

    @Override
    public void roundFailed(RequestFailure failure, Sent sent, long nowNanos) {
        if (member.state() != ClassicState.JOINING && member.state() != ClassicState.SYNCING) {
            return;
        }
        member.report(new GroupEvent.RoundFailed());
        if (failure.isRefusal() || failure.kind().isAnswer()) {
            // An answer that cannot be read, as an assignment of a foreign leader, would come again and again.
            rebalance.raise(failure.cause(), nowNanos);
        } else {
            coordinator.forget(sent.at(), String.valueOf(failure.cause().getMessage()));
            rebalance.joinAfterBackOff(nowNanos);
        }
    }
}
