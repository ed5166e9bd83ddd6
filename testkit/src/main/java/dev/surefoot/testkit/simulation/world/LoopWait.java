package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.check.Violation;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop's wait for input: virtual time advances, and the other events of the world happen, until there is input. If
 * a wait is interrupted only for the application's turn, it continues afterwards.
 */
final class LoopWait {
    private static final long NOT_WAITING = -1;
    /** The most waits during which time does not advance; more are a busy loop. */
    private static final int WAITS_AT_ONCE_MOST = 500;

    private final VirtualTime time;
    private final BooleanSupplier input;
    private boolean awake;
    private long horizon = Long.MAX_VALUE;
    private long waitingUntil = NOT_WAITING;
    private long lastWaitAt = -1;
    private int waitsAtOnce;
    private @Nullable Runnable meanwhile;

    /** @param input returns whether there is input for the loop */
    LoopWait(VirtualTime time, BooleanSupplier input) {
        this.time = time;
        this.input = input;
    }

    /** Ends the wait under way, or if there is none the next one. */
    void wake() {
        awake = true;
    }

    /** Ends a wait at this time, at which something may become possible. */
    void wakeAt(long atNanos) {
        time.at(atNanos, this::wake);
    }

    /** Interrupts a wait at this time, for the application's turn. */
    void horizon(long atNanos) {
        horizon = atNanos;
    }

    /** Returns whether the loop still waits during the application's turn. */
    boolean isUnderWay() {
        return waitingUntil != NOT_WAITING;
    }

    /** Begins a wait of the loop. */
    void begin(long timeoutNanos) {
        notSpinning();
        long now = time.nanos();
        waitingUntil = timeoutNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + timeoutNanos;
        goOn();
        Runnable others = meanwhile;
        if (others != null && isUnderWay()) {
            others.run();
            goOn();
        }
    }

    /** Sets what lets others go on until a wait is over; null if a wait may end at the horizon. */
    void meanwhile(@Nullable Runnable others) {
        meanwhile = others;
    }

    /** Whether no wait is under way, or the one that is has a reason to end now. */
    boolean isOver() {
        return !isUnderWay() || awake || input.getAsBoolean() || waitingUntil <= time.nanos();
    }

    /** When the wait under way ends by itself, or {@link Long#MAX_VALUE}. */
    long until() {
        return isUnderWay() ? waitingUntil : Long.MAX_VALUE;
    }

    private void notSpinning() {
        waitsAtOnce = time.nanos() == lastWaitAt ? waitsAtOnce + 1 : 0;
        lastWaitAt = time.nanos();
        if (waitsAtOnce > WAITS_AT_ONCE_MOST) {
            throw new Violation("I32", "the loop turns and turns without waiting for anything");
        }
    }

    /**
     * Advances time until there is input, the wait is over, or the horizon is reached. In the last case the loop still
     * waits.
     */
    void goOn() {
        while (true) {
            if (awake || input.getAsBoolean()) {
                awake = false;
                waitingUntil = NOT_WAITING;
                return;
            }
            long limit = Math.min(waitingUntil, horizon);
            if (time.nextDue() > limit) {
                time.moveTo(limit);
                if (limit == waitingUntil) {
                    waitingUntil = NOT_WAITING;
                }
                return;
            }
            time.doNext();
        }
    }
}
