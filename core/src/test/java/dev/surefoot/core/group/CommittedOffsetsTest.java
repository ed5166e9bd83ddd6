package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionState;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Partitions begin where their group has committed; only the coordinator's word that it has not resets one. */
class CommittedOffsetsTest extends OffsetFetchScript {
    // Places.

    @Test
    void partitionsArePlacedByOneRequestUnderTheMembersIdentity() {
        assign(Map.of(A0, 1L, A1, 2L));
        world.turn();

        assertThat(request().partitions()).containsExactlyInAnyOrder(A0, A1);
        assertThat(request().identity()).isEqualTo(world.standing.identity);
        assertThat(request().nodeId()).isEqualTo(7);

        answer(Map.of(A0, at(5), A1, new Found(BrokerError.NONE, (short) 0, 9, 3, "m")));
        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(5)));
        assertThat(state(A1))
                .as("a known epoch is validated first")
                .isEqualTo(new PositionState.Validating(new FetchPosition(9, 3)));
        assertThat(world.positionEffects)
                .contains(
                        new Effect.Deliver(new Delivery.Positioned(A0, 1, FetchPosition.at(5), Uuid.ZERO_UUID)),
                        new Effect.Deliver(new Delivery.Positioned(A1, 2, new FetchPosition(9, 3), Uuid.ZERO_UUID)),
                        new Effect.Reroute(A0),
                        new Effect.Reroute(A1));
        world.turn();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void aClassicMemberIsNotCheckedAndNobodyElseIs() {
        CommitWorld classic = new CommitWorld(GroupSettings.Protocol.CLASSIC);
        classic.positions.assign(Map.of(A0, 1L), AssignmentStart.inGroup());
        classic.turn();
        assertThat(((OffsetFetchRequest) classic.wire.get(0).request()).identity())
                .isEqualTo(MemberIdentity.none("g", null));

        world.standing.member = false;
        world.positions.assign(Map.of(A0, 1L), AssignmentStart.byCommittedOffset());
        world.turn();
        assertThat(request().identity()).isEqualTo(MemberIdentity.none("g", null));
    }

    @Test
    void onlyTheWordThatNothingIsStoredResets() {
        assign(Map.of(A0, 1L));
        world.turn();
        answer(Map.of(A0, NOTHING));
        assertThat(state(A0)).isEqualTo(RESET);
    }

    @Test
    void aSeekPlacesAndTheAnswerComesTooLate() {
        assign(Map.of(A0, 1L));
        world.turn();
        world.positions.seek(partition(A0), 2, FetchPosition.at(77), Uuid.ZERO_UUID, -1);
        answer(Map.of(A0, at(5)));

        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(77)));
        assertThat(world.positionEffects).isEmpty();
        world.turn();
        assertThat(world.wire).isEmpty();
    }

    @Test
    void anAnswerForAnEarlierOwnershipIsNotUsed() {
        assign(Map.of(A0, 1L));
        world.turn();
        Sent first = world.wire.get(0);
        assign(Map.of());
        assign(Map.of(A0, 2L));
        world.turn();
        assertThat(world.wire).as("the new ownership asks for itself").hasSize(2);
        Sent second = world.wire.get(1);

        answer(first, Map.of(A0, at(5)));
        assertThat(state(A0)).isEqualTo(UNPLACED);
        answer(second, Map.of(A0, at(8)));
        assertThat(state(A0)).isEqualTo(new PositionState.Fetching(FetchPosition.at(8)));
    }

    @Test
    void anOldAnswerDoesNotResetEither() {
        assign(Map.of(A0, 1L));
        world.turn();
        assign(Map.of());
        assign(Map.of(A0, 2L));
        answer(Map.of(A0, NOTHING));
        assertThat(state(A0)).isEqualTo(UNPLACED);
    }
}
