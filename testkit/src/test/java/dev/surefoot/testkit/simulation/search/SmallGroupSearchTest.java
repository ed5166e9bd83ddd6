package dev.surefoot.testkit.simulation.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.simulation.group.GroupFault;
import dev.surefoot.testkit.simulation.group.GroupStep;
import dev.surefoot.testkit.simulation.group.SmallGroup;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Kind;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SmallGroupSearchTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void probe(Kind kind) {
        int faults = Integer.getInteger("probe.faults", 0);
        long end = System.nanoTime() + Integer.getInteger("probe.seconds", 40) * 1_000_000_000L;
        Start start = Start.valueOf(System.getProperty("probe.start", "ONE"));
        SearchReport report = ExhaustiveSearch.run(
                List.of(GroupStep.values()),
                () -> new SmallGroup(SmallGroupSettings.of(kind, start)),
                60,
                FaultBudget.of(EnumSet.allOf(GroupFault.class), 1, faults),
                Integer.MAX_VALUE,
                () -> System.nanoTime() > end);
        System.out.println(kind + " " + report);
        assertThat(report.violation()).isNull();
    }
}
