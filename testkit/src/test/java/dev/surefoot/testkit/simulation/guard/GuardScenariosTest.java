package dev.surefoot.testkit.simulation.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.testkit.simulation.Outcome;
import dev.surefoot.testkit.simulation.Simulation;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong in the simulated world is named soon and announced when the patience is over; else nothing is. */
class GuardScenariosTest {
    private static final long SECOND_MICROS = 1_000_000;
    private static final long INJECTED_MICROS = 5 * SECOND_MICROS;

    /** Looks of the guard and of the watch, and a turn of the loop. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1_400);

    /** What goes wrong at five seconds. */
    enum Injected {
        REFUSED(StallCause.LEADER_UNREACHABLE, 2, true, act(Act.CONNECTIONS_REFUSED, 12), act(Act.CUT_NOW, 0)),
        DOWN(StallCause.LEADER_UNREACHABLE, 2, true, act(Act.BROKER_CRASH, 12)),
        ERRORS(StallCause.BROKER_ERRORS, 3, true, act(Act.PARTITION_FAILS, 12)),
        PAUSED(StallCause.PAUSED, 2, false, act(Act.PAUSE, 0)),
        TRANSACTION(StallCause.TRANSACTION_OPEN, 2, false, act(Act.WRITTEN_IN_TRANSACTION, 0)),
        AWAY(StallCause.APPLICATION_NOT_POLLING, 12, false, act(Act.NO_POLL, 20), act(Act.WRITTEN, 0));

        private final StallCause cause;
        private final int namedSeconds;
        private final boolean isAnnounced;
        private final List<Event> events;

        Injected(StallCause cause, int namedSeconds, boolean isAnnounced, Event... events) {
            this.cause = cause;
            this.namedSeconds = namedSeconds;
            this.isAnnounced = isAnnounced;
            this.events = List.of(events);
        }

        private static Event act(Act act, int seconds) {
            long amount = act == Act.WRITTEN || act == Act.WRITTEN_IN_TRANSACTION ? 1 : seconds * SECOND_MICROS;
            return new Event(INJECTED_MICROS, act, 1, 0, amount);
        }
    }

    private static Outcome run(List<Event> events, long untilMicros) {
        Shape shape = new Shape(
                1,
                1,
                1,
                2,
                3,
                true,
                true,
                true,
                1,
                true,
                true,
                Shape.Reset.EARLIEST,
                4_000,
                1 << 20,
                1 << 20,
                1 << 20,
                500,
                GroupShape.NONE);
        List<Event> all = new ArrayList<>(events);
        // The application polls anew at each event, and the watch looks after each poll.
        for (long atMicros = 0; atMicros < 30 * SECOND_MICROS; atMicros += SECOND_MICROS / 4) {
            all.add(new Event(atMicros, Act.POLL_SLOWLY, 1, 0, 0));
        }
        all.add(new Event(untilMicros, Act.ASK_PARTITIONS, 1, 0, 0));
        all.sort(Comparator.comparingLong(Event::atMicros));
        return Simulation.run(new Schedule(1, shape, all));
    }

    @ParameterizedTest
    @EnumSource
    void isNamedSoonAndAnnouncedWhenThePatienceIsOver(Injected injected) {
        Outcome outcome = run(injected.events, 30 * SECOND_MICROS);

        assertThat(outcome.violation()).isNull();
        Severity first = injected.cause == StallCause.PAUSED ? Severity.FINE : Severity.WAITING;
        long named = outcome.causes().firstNanos(injected.cause, first);
        assertThat(named)
                .as("%s", outcome.causes().all())
                .isBetween(
                        INJECTED_MICROS * 1_000,
                        INJECTED_MICROS * 1_000 + TimeUnit.SECONDS.toNanos(injected.namedSeconds) + TICK_NANOS);
        long announced = outcome.causes().firstNanos(injected.cause, Severity.STALLED);
        if (injected.isAnnounced) {
            assertThat(announced - named)
                    .isBetween(GuardTerms.PATIENCE_NANOS - TICK_NANOS, GuardTerms.PATIENCE_NANOS + TICK_NANOS);
        } else {
            assertThat(announced).isEqualTo(-1);
        }
    }

    /** What is odd and healthy, for an hour. */
    enum Odd {
        IDLE(act(0, Act.ASK_PARTITIONS, 0)),
        A_RECORD_NOW_AND_THEN(act(600, Act.WRITTEN, 1), act(1_800, Act.WRITTEN, 1), act(3_000, Act.WRITTEN, 1)),
        PAUSED_AND_RESUMED(act(10, Act.PAUSE, 0), act(20, Act.WRITTEN, 3), act(3_500, Act.RESUME, 0)),
        TRANSACTION_OF_NINE_MINUTES(act(60, Act.WRITTEN_IN_TRANSACTION, 2), act(600, Act.TRANSACTION_COMMITTED, 0)),
        WALL_CLOCK_JUMPS(act(100, Act.WALL_CLOCK_JUMP, 7_200_000), act(900, Act.WALL_CLOCK_JUMP, -14_400_000)),
        HIGH_WATERMARK_STANDS(act(100, Act.HIGH_WATERMARK_HELD, 600 * SECOND_MICROS), act(110, Act.WRITTEN, 2)),
        SEEKS(act(100, Act.SEEK_TO_END, 0), act(200, Act.SEEK, 500), act(300, Act.SEEK_TO_END, 0)),
        ASSIGNED_ANEW(act(100, Act.REASSIGN, 0), act(101, Act.REASSIGN, 0), act(102, Act.REASSIGN, 0)),
        EVICTED_NOW_AND_THEN(act(100, Act.SESSION_EVICTED, 0), act(900, Act.SESSION_EVICTED, 0)),
        AWAY_FOR_MINUTES(act(100, Act.NO_POLL, 180 * SECOND_MICROS), act(150, Act.WRITTEN, 3));

        private final List<Event> events;

        Odd(Event... events) {
            this.events = List.of(events);
        }

        private static Event act(int second, Act act, long amount) {
            return new Event(second * SECOND_MICROS, act, 1, 0, amount);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOddAndHealthyIsNotAnnounced(Odd odd) {
        Outcome outcome = run(odd.events, 3_600 * SECOND_MICROS);

        assertThat(outcome.violation()).isNull();
        for (Map.Entry<StallCause, Map<Severity, Long>> each :
                outcome.causes().all().entrySet()) {
            assertThat(each.getValue()).as("%s", each.getKey()).doesNotContainKeys(Severity.STALLED, Severity.FAILED);
        }
    }
}
