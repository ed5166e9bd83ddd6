package dev.surefoot.testkit.simulation.world;

import dev.surefoot.net.Clock;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.Threads;
import dev.surefoot.testkit.simulation.schedule.Act;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The process of one of several consumers: its wire, its loop and the thread of its application. The loop is turned
 * when it is due, whatever the application does; only a stop of the whole process, or its end, holds both up.
 */
public final class ConsumerProcess implements Threads, Clock, Turns.Turning {
    private final String name;
    private final VirtualTime time;
    private final Turns turns;
    private final Wire wire;
    private final Story story;
    private final Troubles troubles;
    private Turns.@Nullable Program application;
    private @Nullable Loop loop;
    private boolean unparked;
    private boolean isClosing;
    private boolean isGone;
    private long stoppedUntilNanos;

    ConsumerProcess(String name, VirtualTime time, Turns turns, Wire wire, Story story, Troubles troubles) {
        this.name = name;
        this.time = time;
        this.turns = turns;
        this.wire = wire;
        this.story = story;
        this.troubles = troubles;
    }

    /** Starts the application's program. */
    public void start(Runnable program) {
        application = turns.start(name, () -> {
            program.run();
            end();
        });
    }

    private Turns.Program application() {
        Turns.Program started = application;
        if (started == null) {
            throw new IllegalStateException("the application of " + name + " was not started");
        }
        return started;
    }

    /** The name by which stories tell of it. */
    public String name() {
        return name;
    }

    /** The connections of its consumer. */
    public Wire wire() {
        return wire;
    }

    /** The story of the run as this consumer tells it. */
    public Story story() {
        return story;
    }

    /** What goes wrong for it. */
    public Troubles troubles() {
        return troubles;
    }

    /** Whether the process has ended. */
    public boolean isGone() {
        return isGone;
    }

    /** Stops everything in it for {@code nanos}; what was due meanwhile is late. */
    public void stop(long nanos) {
        stoppedUntilNanos = Math.max(stoppedUntilNanos, time.nanos() + nanos);
        troubles.note(Act.MEMBER_STOPPED, nanos);
        troubles.stop(nanos);
    }

    /** Goes on at once if it was stopped. */
    public void goOn() {
        stoppedUntilNanos = 0;
        troubles.goOn();
    }

    /** Whether nothing in it goes on at the moment. */
    public boolean isStopped() {
        return time.nanos() < stoppedUntilNanos;
    }

    /** Ends the process without a word: what has left is not taken back, and nothing more leaves. */
    public void crash() {
        if (!isGone) {
            end();
            turns.halt(application());
        }
    }

    private void end() {
        isGone = true;
        turns.remove(this);
        wire.close();
    }

    /** Keeps the application away until this time, or until something else brings it back. */
    public void awayUntil(long atNanos, BooleanSupplier orElse) {
        application()
                .await(
                        () -> !isStopped() && (time.nanos() >= atNanos || orElse.getAsBoolean()),
                        () -> Math.max(orElse.getAsBoolean() ? 0 : atNanos, stoppedUntilNanos));
    }

    // What its consumer has of threads.

    @Override
    public LoopOwner owner(Loop started, String threadName) {
        loop = started;
        return new LoopOwner() {
            @Override
            public void start() {
                turns.add(ConsumerProcess.this);
            }

            @Override
            public @Nullable KafkaException death() {
                return null;
            }

            @Override
            public void close(long timeoutNanos) {
                isClosing = true;
                turns.remove(ConsumerProcess.this);
                wire.waiting().horizon(time.nanos());
                wire.waiting().meanwhile(ConsumerProcess.this::awaitInput);
                started.close(timeoutNanos);
            }
        };
    }

    private void awaitInput() {
        LoopWait waiting = wire.waiting();
        application().await(() -> waiting.isOver() && !isStopped(), this::dueNanos);
        waiting.horizon(time.nanos());
    }

    @Override
    public void park(Object blocker, long nanos) {
        long now = time.nanos();
        awayUntil(nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos, () -> unparked);
        unparked = false;
    }

    @Override
    public void unpark(Thread thread) {
        unparked = true;
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public long epochMillis() {
        return time.epochMillis();
    }

    // Its loop.

    @Override
    public boolean isDue() {
        return loop != null && !isClosing && !isStopped() && wire.waiting().isOver();
    }

    @Override
    public long dueNanos() {
        LoopWait waiting = wire.waiting();
        return Math.max(stoppedUntilNanos, waiting.isOver() ? 0 : waiting.until());
    }

    @Override
    public void turn() {
        wire.waiting().horizon(time.nanos());
        if (wire.waiting().isUnderWay()) {
            wire.waiting().goOn();
        } else {
            wire.loopTurns(true);
            Objects.requireNonNull(loop).turn();
            wire.loopTurns(false);
        }
    }
}
