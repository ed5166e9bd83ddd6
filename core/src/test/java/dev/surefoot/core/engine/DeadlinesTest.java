package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.Deadlines.Kind;
import dev.surefoot.core.time.Deadline;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();

    @Test
    void nothingIsDueAtFirst() {
        assertThat(deadlines.earliestNanos()).isEqualTo(Deadline.NEVER);
        assertThat(deadlines.earliest()).isNull();
    }

    @Test
    void theEarliestIsNamed() {
        deadlines.set(Kind.FETCH, 30);
        deadlines.set(Kind.METADATA_REFRESH, 20);
        deadlines.set(Kind.QUESTION_RETRY, Deadline.NEVER);

        assertThat(deadlines.earliestNanos()).isEqualTo(20);
        assertThat(deadlines.earliest()).isEqualTo(Kind.METADATA_REFRESH);
    }

    @Test
    void aKindHasOneDeadlineThatTheNextOneReplaces() {
        deadlines.set(Kind.FETCH, 10);
        deadlines.set(Kind.PARTITION_RETRY, 15);
        deadlines.set(Kind.FETCH, 25);
        assertThat(deadlines.earliest()).isEqualTo(Kind.PARTITION_RETRY);

        deadlines.set(Kind.PARTITION_RETRY, Deadline.NEVER);
        deadlines.set(Kind.FETCH, Deadline.NEVER);
        assertThat(deadlines.earliest()).isNull();
    }
}
