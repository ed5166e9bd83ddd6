package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.junit.jupiter.api.Test;

/** What a consumer commits without being a member: its refusal is about the commit alone. */
class CommitsOfNobodyTest extends CommitScript {
    private long commitAsNobody(Commit.Kind kind) {
        world.standing.identity = MemberIdentity.none("g", null);
        world.standing.member = false;
        long id = commit(kind, null, Map.of(A0, 5L));
        world.turn();
        assertThat(request(0).identity()).isEqualTo(MemberIdentity.none("g", null));
        return id;
    }

    @Test
    void aRefusalIsNoneOfTheMembershipThoughThatHasNoIdentityEither() {
        long id = commitAsNobody(Commit.Kind.SYNC);
        answer(BrokerError.UNKNOWN_MEMBER_ID);

        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
        assertThat(world.standing.refusals).isEmpty();
    }

    @Test
    void aRefusalIsNoRebalanceThoughAMemberJoinsMeanwhile() {
        long id = commitAsNobody(Commit.Kind.SYNC);
        world.standing.identity = new MemberIdentity("g", "m", 1, null, 1);
        world.standing.rebalancing = true;
        answer(BrokerError.ILLEGAL_GENERATION);

        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
    }

    @Test
    void anEpochIsStaleForGoodAsNobodyGetsAnotherOne() {
        long id = commitAsNobody(Commit.Kind.BEFORE_REBALANCE);
        answer(BrokerError.STALE_MEMBER_EPOCH);

        assertThat(world.outcome(id)).isInstanceOf(CommitFailedException.class);
        assertThat(world.wire).isEmpty();
    }

    /** Whoever takes the partitions over is a member; nobody's commits are not awaited for that. */
    @Test
    void onlyCommitsOfMembersAreAwaited() {
        commit(Commit.Kind.SYNC, null, Map.of(A0, 5L));
        assertThat(world.commits.areSent(1)).isTrue();
        assertThat(world.commits.areSettled(1)).isTrue();

        commit(Commit.Kind.SYNC, Map.of(A0, 6L));
        assertThat(world.commits.areSent(2)).isFalse();
        world.turn();
        assertThat(world.commits.areSent(2)).isTrue();
        assertThat(world.commits.areSettled(2)).isFalse();
        world.answer(onWire(1), new OffsetCommitResponse(0, Map.of(A0, new Stored(BrokerError.NONE, (short) 0))));
        assertThat(world.settled()).as("it is told after the one before").isEmpty();
        assertThat(world.commits.areSettled(2)).isTrue();
    }
}
