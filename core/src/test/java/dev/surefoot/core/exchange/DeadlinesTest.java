package dev.surefoot.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.time.Deadline;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    /** The names of one requester. */
    private enum Due implements Deadlines.Name {
        FETCH,
        REFRESH
    }

    /** The names of another, of which the first knows nothing. */
    private enum GroupDue implements Deadlines.Name {
        HEARTBEAT
    }

    private final Deadlines deadlines = new Deadlines();

    @Test
    void nothingIsDueAtFirst() {
        assertThat(deadlines.earliestNanos()).isEqualTo(Deadline.NEVER);
        assertThat(deadlines.earliest()).isNull();
    }

    @Test
    void theEarliestIsNamedWhoeverEntersIt() {
        deadlines.enter(Due.FETCH, 30);
        deadlines.enter(GroupDue.HEARTBEAT, 20);
        deadlines.enter(Due.REFRESH, Deadline.NEVER);

        assertThat(deadlines.earliestNanos()).isEqualTo(20);
        assertThat(deadlines.earliest()).isEqualTo(GroupDue.HEARTBEAT);
    }

    @Test
    void ofTwoAtTheSameMomentTheFirstIsNamed() {
        deadlines.enter(Due.REFRESH, 20);
        deadlines.enter(Due.FETCH, 20);

        assertThat(deadlines.earliest()).isEqualTo(Due.REFRESH);
    }

    @Test
    void theMomentsOfTheTurnBeforeAreForgotten() {
        deadlines.enter(Due.FETCH, 10);
        deadlines.clear();
        assertThat(deadlines.earliestNanos()).isEqualTo(Deadline.NEVER);
        assertThat(deadlines.earliest()).isNull();

        deadlines.enter(Due.FETCH, 25);
        assertThat(deadlines.earliestNanos()).isEqualTo(25);
    }
}
