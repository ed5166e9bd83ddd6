package dev.surefoot.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void aMomentHasComeFromItselfOn() {
        assertThat(Deadline.passed(5, 4)).isFalse();
        assertThat(Deadline.passed(5, 5)).isTrue();
        assertThat(Deadline.passed(5, 6)).isTrue();
    }

    @Test
    void neverDoesNotCome() {
        assertThat(Deadline.passed(Deadline.NEVER, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aDelayBeyondTheClocksRangeLeadsToNever() {
        assertThat(Deadline.after(5, 10)).isEqualTo(15);
        assertThat(Deadline.after(5, Long.MAX_VALUE)).isEqualTo(Deadline.NEVER);
        assertThat(Deadline.after(0, Long.MAX_VALUE)).isEqualTo(Deadline.NEVER);
    }
}
