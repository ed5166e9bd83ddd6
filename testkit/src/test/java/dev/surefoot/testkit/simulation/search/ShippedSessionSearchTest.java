package dev.surefoot.testkit.simulation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code -Dsurefoot.search.faults=3} searches further than every build does, for as long as it takes. */
class ShippedSessionSearchTest {
    private static final int EACH_FAULT = 2;
    private static final int FAULTS_IN_ALL = Integer.getInteger("surefoot.search.faults", 2);
    private static final int ANY_DEPTH = Integer.MAX_VALUE;
    /** Far enough for every fault to happen on either side of the largest epoch, and for what follows. */
    private static final int DEPTH_ACROSS_LARGEST_EPOCH = 26;

    @Test
    void noOrderOfEventsBreaksOrStallsIt() {
        SearchReport report = ExhaustiveSearch.run(
                WorldSettings.shipped(), FaultBudget.ofEach(EACH_FAULT, FAULTS_IN_ALL), ANY_DEPTH, () -> false);

        System.out.println("Exhaustive search, " + FAULTS_IN_ALL + " faults of any kind: " + report);
        assertThat(report.violation()).isNull();
        assertThat(report.exhausted()).isTrue();
        assertThat(report.longestRecovery()).isLessThan(ExhaustiveSearch.RECOVERY_MAX / 2);
    }

    @Test
    @Tag("thorough")
    void noOrderOfFaultsOfTheWireAndTheBrokerEachTwiceBreaksOrStallsIt() {
        Set<Fault> faults = Set.of(
                Fault.PLAN_DROPPED,
                Fault.REQUEST_LOST,
                Fault.ANSWER_LOST,
                Fault.EVICTION,
                Fault.RESTART,
                Fault.THROTTLING,
                Fault.NO_SLOT,
                Fault.CLOSE);

        SearchReport report = ExhaustiveSearch.run(
                WorldSettings.shipped(),
                FaultBudget.of(faults, EACH_FAULT, FaultBudget.UNBOUNDED),
                ANY_DEPTH,
                () -> false);

        System.out.println("Exhaustive search, eight kinds of faults, each twice: " + report);
        assertThat(report.violation()).isNull();
        assertThat(report.exhausted()).isTrue();
    }

    @Test
    void noFaultAroundTheLargestEpochBreaksOrStallsIt() {
        SearchReport report = ExhaustiveSearch.run(
                WorldSettings.shipped(Integer.MAX_VALUE - 1),
                FaultBudget.ofEach(1, 1),
                DEPTH_ACROSS_LARGEST_EPOCH,
                () -> false);

        System.out.println("Exhaustive search, around the largest epoch: " + report);
        assertThat(report.violation()).isNull();
    }
}
