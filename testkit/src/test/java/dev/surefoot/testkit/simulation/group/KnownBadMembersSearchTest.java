package dev.surefoot.testkit.simulation.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.museum.group.GroupExhibit;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupBug;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Kind;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import dev.surefoot.testkit.simulation.search.ExhaustiveSearch;
import dev.surefoot.testkit.simulation.search.FaultBudget;
import dev.surefoot.testkit.simulation.search.SearchReport;
import dev.surefoot.testkit.simulation.search.SearchReport.Violation;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The search finds what is wrong, by one of the shortest ways. */
class KnownBadMembersSearchTest {
    private static final int RECOVERY_MAX = 24;
    private static final int DEPTH_MAX = 40;

    @Test
    void aCoordinatorThatGivesAPartitionTwiceIsFoundWithoutAFault() {
        Violation violation = find(
                SmallGroupSettings.of(Kind.CONSUMER, Start.ONE).with(ConsumerGroupBug.PARTITION_GIVEN_TWICE), Set.of());

        assertThat(violation.invariant()).isEqualTo("G4");
    }

    @Test
    void keptPartitionsThatAreHeldAreFoundWithoutAFault() {
        Violation violation = find(exhibit("GF5"), Set.of());

        assertThat(violation.invariant()).isEqualTo("G6");
        assertThat(violation.path()).startsWith(GroupStep.JOIN_1).hasSizeLessThan(12);
    }

    @Test
    void aLossThatIsToldAsARevocationIsFoundByTheEndOfASession() {
        Violation violation = find(exhibit("GF17"), Set.of(GroupFault.EXPIRY));

        assertThat(violation.invariant()).isEqualTo("G24");
        assertThat(violation.path()).contains(GroupStep.EXPIRE_0);
    }

    @Test
    void heartbeatsThatEndAreFoundByABrokenConnection() {
        Violation violation = find(exhibit("GF21"), Set.of(GroupFault.CUT));

        assertThat(violation.invariant()).isEqualTo("G27");
        assertThat(violation.path()).contains(GroupStep.CUT_0);
    }

    @Test
    void rebalancesWithoutACauseLeaveNoWayOn() {
        Violation violation = find(exhibit("GF33"), Set.of());

        assertThat(violation.invariant()).isEqualTo("G39");
        assertThat(violation.toString()).contains("then nothing goes wrong any more, and still it breaks");
    }

    private static SmallGroupSettings exhibit(String id) {
        return GroupExhibit.ALL.stream()
                .filter(exhibit -> exhibit.id().equals(id))
                .findFirst()
                .orElseThrow()
                .settings()
                .withRecordsMax(1);
    }

    private static Violation find(SmallGroupSettings settings, Set<GroupFault> faults) {
        SearchReport report = ExhaustiveSearch.run(
                List.of(GroupStep.values()),
                () -> new SmallGroup(settings),
                RECOVERY_MAX,
                FaultBudget.of(faults, 1, 1),
                DEPTH_MAX,
                () -> false);
        assertThat(report.violation()).as("%s", report).isNotNull();
        return Objects.requireNonNull(report.violation());
    }
}
