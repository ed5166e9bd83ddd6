package dev.surefoot.runtime;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The thread that calls {@link Loop#turn} until it is closed, and then {@link Loop#close}. Methods are called by the
 * application's thread.
 */
final class LoopThread implements Threads.LoopOwner {
    private final Loop loop;
    private final Logger log;
    private final Thread thread;
    private volatile boolean closing;
    private volatile long closeTimeoutNanos;
    private volatile @Nullable KafkaException death;
    /** Made before it is needed: when the heap is exhausted there may be no memory for it. */
    private final KafkaException lastWords =
            new KafkaException("The consumer's loop has ended by an error; close this consumer and make a new one");

    LoopThread(Loop loop, String name, Logger log) {
        this.loop = loop;
        this.log = log;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public @Nullable KafkaException death() {
        return death;
    }

    @Override
    public List<String> frames() {
        return Frames.of(thread);
    }

    @Override
    public void close(long timeoutNanos) {
        closeTimeoutNanos = timeoutNanos;
        closing = true;
        loop.submit((engine, nowNanos) -> {});
        try {
            if (Thread.interrupted()) { // a thread that has ended already is joined whatever the flag says
                throw new InterruptedException();
            }
            thread.join(TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + 1_000);
        } catch (InterruptedException e) { // the loop ends all the same, and the flag is set again by what is thrown
            throw new InterruptException("The thread was interrupted while it closed the consumer", e);
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // whatever ends the loop must reach the application, errors included
    private void run() {
        try {
            while (!closing) {
                loop.turn();
            }
        } catch (Throwable e) {
            die(e);
        }
        try {
            loop.close(death == null ? closeTimeoutNanos : 0);
        } catch (RuntimeException | OutOfMemoryError e) {
            log.warn(
                    "The consumer's sessions and connections could not be closed; the brokers will drop them after"
                            + " their timeouts",
                    e);
        }
    }

    /** Informs the application first, as the log line needs memory. */
    private void die(Throwable e) {
        lastWords.initCause(e);
        death = lastWords;
        loop.fail(lastWords);
        try {
            log.error(
                    "The consumer's loop has ended by an error and the consumer with it; close it and make a new one",
                    e);
        } catch (OutOfMemoryError noMemory) {
            e.addSuppressed(noMemory);
        }
    }
}
