package dev.surefoot.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets several programs that wait in the middle of their calls go on in one virtual time. Each program has a thread of
 * its own, of which exactly one runs at any moment: a program that waits turns the loops and does what is due, until a
 * program may go on, and hands over to that one. Which one of several goes on first is drawn from a seed, so the same
 * schedule gives the same run.
 */
public final class Turns {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "simulated program");
        thread.setDaemon(true);
        return thread;
    });

    /** Ends a program in the middle of a call. */
    static final class Halt extends Error {
        private static final long serialVersionUID = 1L;

        Halt() {
            super("the simulated process has ended", null, false, false);
        }
    }

    /** A program that waits or runs. */
    final class Program {
        private final String name;
        private volatile @Nullable Thread thread;
        private BooleanSupplier mayGoOn = () -> true;
        private LongSupplier dueNanos = () -> Long.MAX_VALUE;
        private boolean isWaiting;
        private boolean isHalted;

        private Program(String name) {
            this.name = name;
        }

        private boolean isReady() {
            return isWaiting && (isHalted || mayGoOn.getAsBoolean());
        }

        /**
         * Lets everything else go on until this program may.
         *
         * @param mayGoOn whether it may now
         * @param dueNanos when it may although nothing happens, or {@link Long#MAX_VALUE}
         */
        void await(BooleanSupplier mayGoOn, LongSupplier dueNanos) {
            throwIfHalted();
            this.mayGoOn = mayGoOn;
            this.dueNanos = dueNanos;
            isWaiting = true;
            Program next = next();
            if (next != this) {
                handOver(next);
                standBy();
            }
            isWaiting = false;
            throwIfHalted();
        }

        private void throwIfHalted() {
            if (isHalted) {
                throw new Halt();
            }
        }

        private void standBy() {
            while (running != this) {
                LockSupport.park(this);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A loop that is turned when there is something for it to do. */
    interface Turning {
        /** Whether a turn may be made now. */
        boolean isDue();

        /** When a turn is due although nothing happens, or {@link Long#MAX_VALUE}. */
        long dueNanos();

        void turn();
    }

    private final VirtualTime time;
    private final SplittableRandom random;
    private final List<Program> programs = new ArrayList<>();
    private final List<Turning> loops = new ArrayList<>();
    /** What may go on now. */
    private final List<Object> ready = new ArrayList<>();

    private final Program director = new Program("director");
    private volatile Program running = director;
    private @Nullable Throwable failure;
    private boolean isEnding;

    Turns(VirtualTime time, long seed) {
        this.time = time;
        this.random = new SplittableRandom(seed);
        director.thread = Thread.currentThread();
        programs.add(director);
    }

    /** Lets everything go on until this time, or until the run has failed. The director's call, who starts programs. */
    public void directorAwaits(long untilNanos) {
        director.await(() -> time.nanos() >= untilNanos, () -> untilNanos);
    }

    void add(Turning loop) {
        loops.add(loop);
    }

    void remove(Turning loop) {
        loops.remove(loop);
    }

    /** Starts a program, which goes on when its turn comes. */
    Program start(String name, Runnable work) {
        Program program = new Program(name);
        program.isWaiting = true;
        programs.add(program);
        THREADS.execute(() -> {
            program.thread = Thread.currentThread();
            program.standBy();
            program.isWaiting = false;
            try {
                if (!program.isHalted) {
                    work.run();
                }
            } catch (Halt e) {
                // It was to end here.
            } catch (Throwable e) { // whatever it is, the run has to end by it
                fail(e);
            }
            programs.remove(program);
            handOver(next());
        });
        return program;
    }

    /** Ends a program at the place where it waits; it goes no further. */
    void halt(Program program) {
        program.isHalted = true;
    }

    /** Ends the run by this failure, unless there is one already. The director throws it. */
    public void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** What has ended the run, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Ends all programs but the director, whose call it is. */
    public void haltAll() {
        for (Program program : List.copyOf(programs)) {
            if (program != director) {
                program.isHalted = true;
            }
        }
        isEnding = true;
        while (programs.size() > 1) {
            handOver(programs.get(programs.size() - 1));
            director.standBy();
        }
    }

    private void handOver(Program next) {
        running = next;
        LockSupport.unpark(next.thread);
    }

    /** Goes on with everything that is no program, until a program may go on. */
    private Program next() {
        while (true) {
            if (failure != null || isEnding) {
                return director;
            }
            try {
                Program ready = readyOrNull();
                if (ready != null) {
                    return ready;
                }
            } catch (Throwable e) { // a check that fails where a listener's errors are caught would be lost
                fail(e);
            }
        }
    }

    private @Nullable Program readyOrNull() {
        while (time.nextDue() <= time.nanos()) {
            time.doNext();
        }
        ready.clear();
        for (Program program : programs) {
            if (program.isReady()) {
                ready.add(program);
            }
        }
        for (Turning loop : loops) {
            if (loop.isDue()) {
                ready.add(loop);
            }
        }
        if (ready.isEmpty()) {
            moveOn();
            return null;
        }
        Object chosen = ready.size() == 1 ? ready.get(0) : ready.get(random.nextInt(ready.size()));
        if (chosen instanceof Program program) {
            return program;
        }
        ((Turning) chosen).turn();
        return null;
    }

    private void moveOn() {
        long next = time.nextDue();
        for (Program program : programs) {
            if (program.isWaiting) {
                next = Math.min(next, program.dueNanos.getAsLong());
            }
        }
        for (Turning loop : loops) {
            next = Math.min(next, loop.dueNanos());
        }
        if (next == Long.MAX_VALUE) {
            throw new IllegalStateException("everybody waits, and nothing is due any more");
        }
        time.moveTo(next);
    }
}
