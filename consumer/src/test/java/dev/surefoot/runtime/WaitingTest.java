package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.engine.Question;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.net.Clock;
import dev.surefoot.net.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.helpers.NOPLogger;

@Timeout(30)
class WaitingTest {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final Duration NO_TIME = Duration.ZERO;

    private final LoopWorld world = new LoopWorld();
    private final LoopThread thread = new LoopThread(world.loop, "loop-of-waiting-test", NOPLogger.NOP_LOGGER);
    private final Waiting waiting = waiting(Clock.SYSTEM, world.handover);

    private Waiting waiting(Clock clock, Handover handover) {
        return new Waiting(clock, handover, world.loop, thread, world.watch(thread));
    }

    @AfterEach
    void end() {
        thread.close(0);
    }

    /** What the application tries; in its first attempt another thread is let go that does something meanwhile. */
    private String nothing(CountDownLatch first) {
        first.countDown();
        return null;
    }

    private void meanwhile(CountDownLatch first, Runnable action) {
        new Thread(() -> {
                    try {
                        first.await();
                        action.run();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .start();
    }

    @Test
    void whatIsThereIsGivenWithoutAnyWait() {
        assertThat(waiting.until(NO_TIME, () -> "there")).isEqualTo("there");
        assertThat(waiting.<String>until(NO_TIME, () -> null)).isNull();
    }

    @Test
    void aWaitEndsWhenTheTimeIsUp() {
        ManualClock clock = new ManualClock();
        Waiting inTurnedTime = waiting(clock, new Handover(wakingAfter(8, clock)));

        assertThat(inTurnedTime.<String>until(Duration.ofMillis(20), () -> null))
                .isNull();

        assertThat(clock.epochMillis()).isEqualTo(20);
    }

    /** Has a thread wait no longer than so many milliseconds of a clock that only waiting turns. */
    private static Threads wakingAfter(long ms, ManualClock clock) {
        return new TurnedTime(ms, clock, () -> {});
    }

    private record TurnedTime(long ms, ManualClock clock, Runnable atEnd) implements Threads {
        @Override
        public LoopOwner owner(Loop loop, String name) {
            throw new UnsupportedOperationException("the loop is there already");
        }

        @Override
        public void park(Object blocker, long nanos) {
            clock.advanceMs(Math.min(ms, TimeUnit.NANOSECONDS.toMillis(nanos)));
            atEnd.run();
        }

        @Override
        public void unpark(Thread woken) {}
    }

    /** Upkeep in so many parts; each takes some milliseconds of a clock. */
    private static final class Parts implements Waiting.Upkeep {
        private final ManualClock clock;
        private final List<Long> doneAtMs = new ArrayList<>();
        private int left;

        Parts(int parts, ManualClock clock) {
            this.left = parts;
            this.clock = clock;
        }

        @Override
        public boolean isDue() {
            return left > 0;
        }

        @Override
        public void doSome() {
            left--;
            doneAtMs.add(clock.epochMillis());
            clock.advanceMs(3);
        }
    }

    @Test
    void upkeepIsDoneInPartsWhenNothingHasHappenedForAWhile() {
        ManualClock clock = new ManualClock();
        Waiting inTurnedTime = waiting(clock, new Handover(wakingAfter(1000, clock)));
        Parts upkeep = new Parts(3, clock);
        List<Long> lookedAtMs = new ArrayList<>();

        inTurnedTime.<String>until(
                Duration.ofMillis(500),
                () -> {
                    lookedAtMs.add(clock.epochMillis());
                    return null;
                },
                upkeep);

        assertThat(upkeep.doneAtMs).containsExactly(100L, 103L, 106L);
        assertThat(lookedAtMs).containsExactly(0L, 100L, 103L, 106L, 109L, 500L);
    }

    @Test
    void aThreadThatIsWokenForNothingHasNotBeenQuietForAWhile() {
        ManualClock clock = new ManualClock();
        Waiting inTurnedTime = waiting(clock, new Handover(wakingAfter(30, clock)));
        Parts upkeep = new Parts(1, clock);

        inTurnedTime.<String>until(Duration.ofMillis(500), () -> null, upkeep);

        assertThat(upkeep.doneAtMs).containsExactly(100L);
    }

    @Test
    void upkeepWaitsAsLongAsThereAreSignals() {
        ManualClock clock = new ManualClock();
        Handover[] signalling = new Handover[1];
        signalling[0] = new Handover(new TurnedTime(90, clock, () -> signalling[0].signal()));
        Waiting inTurnedTime = waiting(clock, signalling[0]);
        Parts upkeep = new Parts(1, clock);

        inTurnedTime.<String>until(Duration.ofSeconds(5), () -> null, upkeep);

        assertThat(upkeep.doneAtMs).isEmpty();
    }

    @Test
    void aShortWaitEndsBeforeUpkeepBegins() {
        ManualClock clock = new ManualClock();
        Waiting inTurnedTime = waiting(clock, new Handover(wakingAfter(1000, clock)));

        inTurnedTime.<String>until(Duration.ofMillis(20), () -> null, new Parts(1000, clock));

        assertThat(clock.epochMillis()).isEqualTo(20);
    }

    @Test
    void aSignalHasTheApplicationLookAgain() {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger there = new AtomicInteger();
        meanwhile(first, () -> {
            there.set(1);
            world.handover.signal();
        });

        assertThat(waiting.until(LONG, () -> there.get() == 1 ? "there" : nothing(first)))
                .isEqualTo("there");
    }

    @Test
    void timeWithoutEndIsTimeToo() {
        assertThat(waiting.until(Duration.ofSeconds(Long.MAX_VALUE), () -> "there"))
                .isEqualTo("there");
        assertThat(Waiting.nanos(Duration.ofMillis(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aWakeUpBeforeTheWaitEndsTheNextOneOnly() {
        waiting.wakeup();
        waiting.wakeup();

        assertThatThrownBy(() -> waiting.until(LONG, () -> "there")).isInstanceOf(WakeupException.class);
        assertThat(waiting.until(LONG, () -> "there")).isEqualTo("there");
    }

    @Test
    void aWakeUpEndsTheWaitUnderWay() {
        CountDownLatch first = new CountDownLatch(1);
        meanwhile(first, waiting::wakeup);

        assertThatThrownBy(() -> waiting.until(LONG, () -> nothing(first))).isInstanceOf(WakeupException.class);
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        CountDownLatch first = new CountDownLatch(1);
        meanwhile(first, Thread.currentThread()::interrupt);

        assertThatThrownBy(() -> waiting.until(LONG, () -> nothing(first))).isInstanceOf(InterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptFromBeforeIsNotOverlooked() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> waiting.until(NO_TIME, () -> "there")).isInstanceOf(InterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theEndOfTheLoopSurfacesInTheWaitUnderWayAndInEveryLaterOne() {
        world.transport.broken = new IllegalStateException("broken");
        CountDownLatch first = new CountDownLatch(1);
        meanwhile(first, thread::start);

        assertThatThrownBy(() -> waiting.until(LONG, () -> nothing(first)))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("close this consumer")
                .hasCause(world.transport.broken);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> waiting.until(NO_TIME, () -> "there")).isInstanceOf(KafkaException.class);
            assertThatThrownBy(() -> waiting.ask(WaitingTest::topics, LONG, "the topics"))
                    .isInstanceOf(KafkaException.class);
        }
        thread.close(0);
        assertThat(world.transport.closed).isTrue();
    }

    @Test
    void aQuestionThatIsNotAnsweredInTimeIsLetGo() {
        assertThatThrownBy(() -> waiting.ask(WaitingTest::topics, NO_TIME, "the topics"))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("before the topics could be determined");

        world.loop.turn();

        assertThat(world.transport.sent).isEmpty();
    }

    @Test
    void aQuestionThatWasWokenIsLetGo() {
        waiting.wakeup();

        assertThatThrownBy(() -> waiting.ask(WaitingTest::topics, LONG, "the topics"))
                .isInstanceOf(WakeupException.class);
        world.loop.turn();

        assertThat(world.transport.sent).isEmpty();
    }

    @Test
    void aQuestionThatNobodyCanAnswerThrowsItsCause() {
        world.transport.onSend =
                request -> world.transport.fail(request, RequestFailure.Kind.UNSUPPORTED_VERSION, "too old");
        thread.start();

        assertThatThrownBy(() -> waiting.ask(WaitingTest::topics, LONG, "the topics"))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("too old");
    }

    private static Question topics(long id) {
        return new Question.Topics(id, Set.of("t"), false);
    }
}
