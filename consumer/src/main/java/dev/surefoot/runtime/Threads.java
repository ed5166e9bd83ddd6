package dev.surefoot.runtime;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The threads of a consumer: one that turns its loop, the application's, which waits meanwhile, and workers that
 * decompress ahead of it. A simulator has one thread for all, and turns the loop while the application waits.
 */
public interface Threads {

    /** The shipped threads: a daemon thread for each loop, and an application that is parked. */
    Threads REAL = new Threads() {
        @Override
        public LoopOwner owner(Loop loop, String name) {
            return new LoopThread(loop, name, LoggerFactory.getLogger(LoopThread.class));
        }

        @Override
        public boolean startWorker(Runnable work, String name) {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            try {
                thread.start();
                return true;
            } catch (OutOfMemoryError e) { // so a JVM reports that the system has no thread to spare
                LoggerFactory.getLogger(Threads.class)
                        .warn("The thread {} cannot be started; the application's thread does its work", name, e);
                return false;
            }
        }

        @Override
        public void park(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
        }

        @Override
        public void unpark(Thread thread) {
            LockSupport.unpark(thread);
        }
    };

    /** Turns a loop from {@link #start} until {@link #close}. */
    interface LoopOwner {
        /**
         * Begins to turn the loop. Called once, before anything else. If it throws, the loop is not turned and not
         * closed.
         */
        void start();

        /** Returns the error that ended the loop, or null while it runs. */
        @Nullable KafkaException death();

        /** Returns the methods that the loop's thread is in, innermost first; empty if it has no thread of its own. */
        default List<String> frames() {
            return List.of();
        }

        /**
         * Ends the loop, which closes sessions and connections. Waits for that, at most one second longer than
         * {@code timeoutNanos}.
         *
         * @throws org.apache.kafka.common.errors.InterruptException if the calling thread is interrupted before or
         *     while it waits; the flag stays set, and the loop ends all the same
         */
        void close(long timeoutNanos);
    }

    /**
     * Makes the owner of a loop. The owner does not turn the loop before it is started.
     *
     * @param name of the thread
     */
    LoopOwner owner(Loop loop, String name);

    /**
     * Starts a further thread, if there is one.
     *
     * @return false if there is none: then the application's thread does this work
     */
    default boolean startWorker(Runnable work, String name) {
        return false;
    }

    /** Lets the calling thread wait until it is unparked, for {@code nanos} at most. May return without a reason. */
    void park(Object blocker, long nanos);

    /** Ends the wait of this thread, or if there is none its next one. Safe from any thread. */
    void unpark(Thread thread);
}
