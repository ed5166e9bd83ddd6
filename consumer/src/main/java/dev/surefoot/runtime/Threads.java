package dev.surefoot.runtime;

import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The threads of a consumer: one that turns its loop, the application's, which waits meanwhile, and others that work
 * ahead of it. A simulator has one thread for all, and turns the loop while the application waits.
 */
public interface Threads {

    /** As shipped: a daemon thread for each loop, and an application that is parked. */
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

    /** Whoever turns a loop, from its start until it is told to close. */
    interface LoopOwner {
        /**
         * Begins to turn the loop. Called once, before anything else; if it throws, the loop is not turned and not
         * closed.
         */
        void start();

        /** What ended the loop before its time, or null while it runs. */
        @Nullable KafkaException death();

        /**
         * Ends the loop: sessions and connections are closed. Waits for that, a little longer than the time given at
         * most.
         *
         * @throws org.apache.kafka.common.errors.InterruptException if the calling thread is interrupted before or
         *     while it waits; the flag stays set, and the loop ends all the same
         */
        void close(long timeoutNanos);
    }

    /** Who is to turn the loop, and does not do so before it is started. */
    LoopOwner owner(Loop loop, String name);

    /**
     * Has a further thread do this, if there is one to be had.
     *
     * @return false if there is none, and the application's thread has to do without; as where one thread plays both
     */
    default boolean startWorker(Runnable work, String name) {
        return false;
    }

    /** Lets the calling thread wait until it is unparked, or for so long; it may return for no reason. */
    void park(Object blocker, long nanos);

    /** Ends the wait of this thread, or else its next one. Safe from any thread. */
    void unpark(Thread thread);
}
