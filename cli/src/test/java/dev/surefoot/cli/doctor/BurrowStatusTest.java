package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.doctor.BurrowStatus.Commit;
import dev.surefoot.cli.doctor.BurrowStatus.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules by which Burrow judges, on windows of commits. */
class BurrowStatusTest {

    @Test
    void withoutCommitsThereIsNoStatus() {
        assertThat(status(List.of(), List.of(), 0, 0)).isEqualTo(BurrowStatus.NOTFOUND);
    }

    @Test
    void withoutLagNowAllIsWell() {
        assertThat(status(List.of(commit(0, 10, 5), commit(1, 10, 5)), List.of(15L), 0, 60))
                .isEqualTo(BurrowStatus.OK);
    }

    @Test
    void itHasStoppedIfTheLastCommitIsOlderThanTheWindowIsLong() {
        List<Commit> commits = List.of(commit(0, 10, 5), commit(10, 20, 5));

        assertThat(status(commits, List.of(25L, 30L), 10, 21)).isEqualTo(BurrowStatus.STOP);
        assertThat(status(commits, List.of(25L, 30L), 10, 20)).isNotEqualTo(BurrowStatus.STOP);
    }

    @Test
    void itHasNotStoppedIfItHadReadAllLately() {
        assertThat(status(List.of(commit(0, 10, 5), commit(10, 20, 5)), List.of(20L, 30L), 10, 60))
                .isNotEqualTo(BurrowStatus.STOP);
    }

    @Test
    void itHasReboundIfItWentBackAndNotForwardAgain() {
        List<Commit> back = List.of(commit(0, 20, 5), commit(10, 10, 15), commit(20, 15, 10));
        List<Commit> regained = List.of(commit(0, 20, 5), commit(10, 10, 15), commit(20, 20, 10));

        assertThat(status(back, List.of(30L), 15, 21)).isEqualTo(BurrowStatus.REWIND);
        assertThat(status(regained, List.of(30L), 15, 21)).isNotEqualTo(BurrowStatus.REWIND);
    }

    @Test
    void lagThatWasZeroOnceIsWell() {
        assertThat(status(List.of(commit(0, 10, 0), commit(10, 10, 5)), List.of(15L), 5, 11))
                .isEqualTo(BurrowStatus.OK);
    }

    @Test
    void itIsStalledIfItCommitsTheSameOffset() {
        assertThat(status(List.of(commit(0, 10, 9), commit(10, 10, 5)), List.of(15L), 5, 11))
                .isEqualTo(BurrowStatus.STALL);
    }

    @Test
    void itWarnsIfTheLagNeverFalls() {
        assertThat(status(List.of(commit(0, 10, 5), commit(10, 11, 5), commit(20, 12, 6)), List.of(18L), 6, 21))
                .isEqualTo(BurrowStatus.WARN);
        assertThat(status(List.of(commit(0, 10, 5), commit(10, 11, 6), commit(20, 12, 5)), List.of(18L), 6, 21))
                .isEqualTo(BurrowStatus.OK);
    }

    @Test
    void aGroupIsAsBadAsItsWorstPartition() {
        assertThat(BurrowStatus.ofGroup(List.of(BurrowStatus.OK, BurrowStatus.WARN)))
                .isEqualTo(BurrowStatus.WARN);
        assertThat(BurrowStatus.ofGroup(List.of(BurrowStatus.OK, BurrowStatus.STOP)))
                .isEqualTo(BurrowStatus.ERR);
        assertThat(BurrowStatus.ofGroup(List.of())).isEqualTo(BurrowStatus.NOTFOUND);
    }

    @Test
    void theNumbersAreThoseOfBurrow() {
        assertThat(BurrowStatus.values())
                .extracting(Enum::name)
                .containsExactly("NOTFOUND", "OK", "WARN", "ERR", "STOP", "STALL", "REWIND");
    }

    @Test
    void theWindowHasTheLastTenDistinctCommits() {
        Window.Builder window = new Window.Builder();
        for (int i = 0; i < 30; i++) {
            window.sampled(i, i / 2, 100);
        }

        Window built = window.build(30);

        assertThat(built.commits()).hasSize(10);
        assertThat(built.commits().get(9)).isEqualTo(new Commit(28, 14, 86));
        assertThat(built.lag()).isEqualTo(86);
    }

    private static BurrowStatus status(List<Commit> commits, List<Long> ends, long lag, long nowMs) {
        return BurrowStatus.of(new Window(commits, ends, lag, nowMs));
    }

    private static Commit commit(long atMs, long offset, long lag) {
        return new Commit(atMs, offset, lag);
    }
}
