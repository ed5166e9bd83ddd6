package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.Story.at;
import static dev.surefoot.cli.doctor.Story.member;
import static dev.surefoot.cli.doctor.Story.partition;
import static dev.surefoot.cli.doctor.Story.stable;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is remembered of a long look. */
class SampleLogTest {

    private static final long STEP_MS = 2_500;

    private static SampleLog log(long lookMs, int looks) {
        SampleLog log = new SampleLog(lookMs, Isolation.UNKNOWN);
        for (int i = 0; i < looks; i++) {
            log.add(new Sample(
                    i * STEP_MS,
                    stable(member("a", partition(0))),
                    Map.of(partition(0), at(i / 120, 1_000 + i)),
                    Optional.empty()));
        }
        return log;
    }

    @Test
    void aLookOfADayTakesNoMoreMemoryThanOneOfAnHour() {
        SampleLog day = log(24 * 3_600_000, 24 * 1_440);

        assertThat(day.samples()).hasSizeLessThan(100);
        assertThat(day.samples().get(0).atMs()).as("the whole look").isZero();
        assertThat(day.samples()).isSortedAccordingTo((one, other) -> Long.compare(one.atMs(), other.atMs()));
    }

    @Test
    void allOfTheLastMinuteIsRemembered() {
        SampleLog log = log(30_000, 1_000);

        assertThat(log.samples()).hasSize(29);
        assertThat(log.samples().get(28).atMs() - log.samples().get(0).atMs()).isEqualTo(70_000);
    }

    @Test
    void thePaceOfTheCommitsOutlivesTheLooks() {
        CommitPace pace = log(30_000, 1_000).paces().get(partition(0));

        assertThat(pace.moves()).isEqualTo(8);
        assertThat(pace.longestWaitMs()).isEqualTo(300_000);
        assertThat(pace.unreadSinceMs()).isEqualTo(OptionalLong.of(960 * STEP_MS));
    }

    @Test
    void aLookThatWasNotToldWhatIsCommittedChangesNothing() {
        CommitPace before = CommitPace.UNTOLD.after(0, at(5, 10), Isolation.UNKNOWN);
        PartitionView untold = Story.view(PartitionView.CommitView.UNKNOWN, PartitionView.LogEnds.of(0, 20, 20));

        assertThat(before.after(2_500, untold, Isolation.UNKNOWN)).isEqualTo(before);
    }
}
