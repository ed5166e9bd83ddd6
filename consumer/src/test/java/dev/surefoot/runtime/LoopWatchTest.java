package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.net.ManualClock;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The loop is turned by hand, or not at all. */
class LoopWatchTest {
    private final LoopWorld world = new LoopWorld();
    private final ManualClock clock = world.clock;
    private final List<String> lines = new ArrayList<>();
    private final StandingLoop owner = new StandingLoop();
    private final LoopWatch watch = world.watch(owner, LogLines.to(lines::add));

    private static final class StandingLoop implements Threads.LoopOwner {
        @Override
        public void start() {}

        @Override
        public @Nullable KafkaException death() {
            return null;
        }

        @Override
        public List<String> frames() {
            return List.of("Resolver.look");
        }

        @Override
        public void close(long timeoutNanos) {}
    }

    /** The application waits for so long, and the loop does not turn. */
    private void waits(Duration time) {
        long everyMs = TimeUnit.NANOSECONDS.toMillis(LoopWatch.EVERY_NANOS);
        for (long ms = 0; ms < time.toMillis(); ms += everyMs) {
            clock.advanceMs(everyMs);
            watch.look(clock.nanos());
        }
    }

    @Test
    void aLoopThatIsStuckIsAnnouncedOnceWhenPatienceIsOverAndWhenItGoesOn() {
        waits(Duration.ofSeconds(19));
        assertThat(lines).isEmpty();

        waits(Duration.ofSeconds(60));
        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(
                                "warn [test] the consumer's thread stands still since 1970-01-01T00:00:00Z: LOOP_STUCK"
                                        + " (its turn takes 20")
                        .contains("Resolver.look")
                        .endsWith(StallCause.LOOP_STUCK.advice()));

        world.loop.turn();
        waits(Duration.ofSeconds(1));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1))
                .isEqualTo("info [test] the consumer's thread goes on after 1 min 20 s at most (LOOP_STUCK)");
    }

    @Test
    void aProcessThatWasStoppedForAWhileIsNoStuckLoop() {
        watch.look(clock.nanos());
        clock.advanceMs(3_600_000);
        watch.look(clock.nanos());
        clock.advanceMs(1);
        watch.look(clock.nanos());
        world.loop.turn();
        waits(Duration.ofSeconds(1));

        assertThat(lines).isEmpty();
    }

    @Test
    void anotherStuckTurnIsAnnouncedToo() {
        waits(Duration.ofSeconds(30));
        world.loop.turn();
        waits(Duration.ofSeconds(30));

        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).startsWith("info").contains("goes on");
        assertThat(lines.get(2)).startsWith("warn").contains("stands still");
    }

    @Test
    void aPollThatFindsRecordsAtOnceLooksToo() {
        waits(Duration.ofSeconds(30));
        world.loop.turn();
        clock.advanceMs(1_000);
        Waiting waiting = new Waiting(clock, world.handover, world.loop, owner, watch);

        waiting.until(Duration.ofMinutes(1), () -> "records");

        assertThat(lines).hasSize(2);
    }

    @Test
    void anApplicationThatWaitsForLongLooksMeanwhile() {
        Handover handover = new Handover(new Threads() {
            @Override
            public LoopOwner owner(Loop loop, String name) {
                throw new UnsupportedOperationException("the loop is there already");
            }

            @Override
            public void park(Object blocker, long nanos) {
                clock.advanceMs(TimeUnit.NANOSECONDS.toMillis(nanos));
            }

            @Override
            public void unpark(Thread woken) {}
        });
        Waiting waiting = new Waiting(clock, handover, world.loop, owner, watch);

        waiting.<String>until(Duration.ofMinutes(1), () -> null);

        assertThat(lines).hasSize(1);
        assertThat(clock.epochMillis()).isEqualTo(60_000);
    }
}
