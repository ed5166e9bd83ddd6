package dev.surefoot.testkit.simulation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SmallWorldTest {
    private static final List<Step> EXCHANGE = List.of(Step.SEND, Step.ARRIVE, Step.ANSWER, Step.DELIVER);

    private final SmallWorld world = new SmallWorld(WorldSettings.shipped());

    @Test
    void theSameStepsLeadToTheSameState() {
        SmallWorld other = new SmallWorld(WorldSettings.shipped());
        for (Step step : EXCHANGE) {
            world.take(step);
            other.take(step);
            assertThat(world.fingerprint()).isEqualTo(other.fingerprint());
        }
    }

    @Test
    void anExchangeInWhichNothingIsNewLeadsBackToTheSameStateThoughTheEpochMovesOn() {
        exchange(3);
        String epochBefore = world.toString();
        Fingerprint.Key before = world.fingerprint();

        exchange(1);

        assertThat(world.toString()).isNotEqualTo(epochBefore);
        assertThat(world.fingerprint()).isEqualTo(before);
    }

    @Test
    void aSessionThatWasReplacedAfterALostRequestIsAsGoodAsTheFirst() {
        exchange(3);
        Fingerprint.Key before = world.fingerprint();

        world.take(Step.SEND);
        world.take(Step.LOSE_REQUEST);
        assertThat(world.fingerprint()).isNotEqualTo(before);
        exchange(2);

        assertThat(world.fingerprint()).isEqualTo(before);
    }

    @Test
    void timeTellsStatesApartUntilThePartitionsAreReportedAgain() {
        exchange(3);
        Fingerprint.Key before = world.fingerprint();

        world.take(Step.TIME);

        assertThat(world.fingerprint()).isNotEqualTo(before);
    }

    @Test
    void onlyOneFetchIsUnderWay() {
        assertThat(world.allows(Step.SEND)).isTrue();
        world.take(Step.SEND);
        assertThat(world.allows(Step.SEND)).isFalse();
        assertThat(world.allows(Step.ARRIVE)).isTrue();
        assertThat(world.allows(Step.DELIVER)).isFalse();
    }

    @Test
    void everythingIsReadOnceFaultsHaveStopped() {
        world.take(Step.PAUSE_0);
        world.take(Step.FAIL_1);
        world.take(Step.NO_SLOTS);

        assertThat(world.recover(ExhaustiveSearch.RECOVERY_MAX)).isBetween(3, 6);
    }

    private void exchange(int times) {
        for (int i = 0; i < times; i++) {
            EXCHANGE.forEach(world::take);
        }
    }
}
