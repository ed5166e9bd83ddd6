package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.Announcement.Kind;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What concerns the consumer as a whole has a line, and not more than one an hour. */
class NotedConcernsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Scope BROKER = new Scope.Broker(7);

    private final Episodes episodes = new Episodes();
    private final List<Announcement> said = new ArrayList<>();
    private long now = 1_000 * SECOND;

    private void rounds(int seconds, ConsumerFinding.Named... concerns) {
        for (int i = 0; i < seconds; i++) {
            episodes.concerned(List.of(concerns));
            episodes.settle(now);
            said.addAll(episodes.takeNews());
            now += SECOND;
        }
    }

    private ConsumerFinding.Named concern(StallCause cause, Scope scope, Evidence evidence) {
        return new ConsumerFinding.Named(cause, Severity.FINE, scope, now, evidence);
    }

    private ConsumerFinding.Named thrash() {
        return concern(StallCause.SESSION_THRASH, BROKER, new Evidence.Sessions(Marks.UNKNOWN, 7, 3, 0));
    }

    @Test
    void aConcernIsSaidAtOnceAndOnceAnHour() {
        rounds(3_599, thrash());

        assertThat(said).singleElement().satisfies(note -> {
            assertThat(note.kind()).isEqualTo(Kind.LINE_OF_NOTE);
            assertThat(note.stalling().cause()).isEqualTo(StallCause.SESSION_THRASH);
            assertThat(note.stalling().scope()).isEqualTo(BROKER);
            assertThat(note.affected().count()).isZero();
        });
        rounds(2, thrash());
        assertThat(said).hasSize(2);
    }

    @Test
    void oneThatComesAndGoesIsSaidNoMoreOften() {
        for (int i = 0; i < 100; i++) {
            rounds(10, thrash());
            rounds(10);
        }
        assertThat(said).hasSize(1);
    }

    @Test
    void eachCauseHasItsOwnHour() {
        Evidence growth = new Evidence.Growth(Marks.UNKNOWN, "t-0", 100, 20, 10, 95);
        rounds(100, thrash(), concern(StallCause.APPLICATION_SLOW, new Scope.Client(), growth));

        assertThat(said)
                .extracting(note -> note.stalling().cause())
                .containsExactly(StallCause.SESSION_THRASH, StallCause.APPLICATION_SLOW);
    }

    @ParameterizedTest
    @CsvSource({"8000, 8000, 0", "10000, 10000, 0", "10001, 10001, 1", "1000, 12000, 1", "1000, -7200000, 1"})
    void onlyALongPauseOfTheProcessIsSaid(long monotonicMs, long wallMs, int lines) {
        Evidence pause = new Evidence.Pause(Marks.UNKNOWN, monotonicMs, wallMs);

        rounds(10, concern(StallCause.PROCESS_PAUSED, new Scope.Client(), pause));

        assertThat(said).hasSize(lines);
    }
}
