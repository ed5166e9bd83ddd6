package dev.surefoot.testkit.simulation.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Kind;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import dev.surefoot.testkit.simulation.search.ExhaustiveSearch;
import dev.surefoot.testkit.simulation.search.FaultBudget;
import dev.surefoot.testkit.simulation.search.SearchReport;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every order of events while a second member joins a group, for each protocol. {@code
 * -Dsurefoot.search.groups.states=1000000000} goes into every state with one fault, and {@code
 * -Dsurefoot.search.groups.faults=2} adds a second fault.
 */
class SoundMembersSearchTest {
    private static final int EACH_FAULT = 2;
    private static final int FAULTS = Integer.getInteger("surefoot.search.groups.faults", 1);
    /** Into how many states a search goes that no fault limits; the rest takes minutes. */
    private static final long STATES_MAX = Long.getLong("surefoot.search.groups.states", 25_000);

    private static final int ANY_DEPTH = Integer.MAX_VALUE;
    /** The longest recovery: the rebalance timeout, the session timeout, three heartbeats and a margin of five. */
    private static final int RECOVERY_MAX =
            SmallGroup.MAX_POLL_MS / SmallGroup.TICK_MS + SmallGroup.SESSION_MS / SmallGroup.TICK_MS + 3 + 5;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noOrderOfEventsBreaksOrStallsTheGroup(Kind kind) {
        SearchReport report = search(kind, 0, () -> false);

        System.out.println("Exhaustive search, a member joins, " + kind + ", no fault: " + report);
        assertThat(report.violation()).isNull();
        assertThat(report.exhausted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @Tag("thorough")
    void noFaultBreaksOrStallsTheGroup(Kind kind) {
        long[] into = {0};

        SearchReport report = search(kind, FAULTS, () -> ++into[0] > STATES_MAX);

        System.out.println("Exhaustive search, a member joins, " + kind + ", faults of any kind, " + FAULTS
                + " at most: " + report);
        assertThat(report.violation()).isNull();
        assertThat(report.states()).isGreaterThan(10_000);
    }

    private static SearchReport search(Kind kind, int faults, BooleanSupplier stop) {
        // A listener that throws returns, as far as its group is concerned.
        Set<GroupFault> all = EnumSet.complementOf(EnumSet.of(GroupFault.LISTENER_THROWS));
        return ExhaustiveSearch.run(
                List.of(GroupStep.values()),
                () -> new SmallGroup(SmallGroupSettings.of(kind, Start.ONE)),
                RECOVERY_MAX,
                FaultBudget.of(all, EACH_FAULT, faults),
                ANY_DEPTH,
                stop);
    }
}
