package dev.surefoot.testkit.simulation.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.simulation.Outcome;
import dev.surefoot.testkit.simulation.Simulation;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is odd and healthy is not announced (W4). */
@Tag("thorough")
class OddTrafficTest {
    @ParameterizedTest
    @EnumSource
    void nothingIsAnnouncedForAnHour(OddTraffic odd) {
        Outcome outcome = Simulation.run(odd.schedule());

        assertThat(outcome.violation()).isNull();
        assertThat(outcome.causes().announced()).isEmpty();
        for (Map.Entry<StallCause, Map<Severity, Long>> each :
                outcome.causes().all().entrySet()) {
            assertThat(each.getValue()).as("%s", each.getKey()).doesNotContainKeys(Severity.STALLED, Severity.FAILED);
        }
    }
}
