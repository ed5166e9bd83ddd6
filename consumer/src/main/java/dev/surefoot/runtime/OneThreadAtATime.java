package dev.surefoot.runtime;

import java.util.ConcurrentModificationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a second thread while one is inside, as {@code KafkaConsumer} does. The same thread may enter again. Safe
 * from any thread.
 */
public final class OneThreadAtATime {
    private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();
    private int depth;
    private volatile boolean closing;
    private volatile boolean closed;

    /** Enters, runs the action and leaves; throws what {@link #enter} and the action throw. */
    public <T> T guarded(Supplier<T> action) {
        enter();
        try {
            return action.get();
        } finally {
            leave();
        }
    }

    /** Enters, runs the action and leaves; throws what {@link #enter} and the action throw. */
    public void guarded(Runnable action) {
        enter();
        try {
            action.run();
        } finally {
            leave();
        }
    }

    /**
     * Enters. A call of {@link #leave} must follow.
     *
     * @throws ConcurrentModificationException if another thread is inside
     * @throws IllegalStateException if the consumer is closed
     */
    public void enter() {
        enterEvenIfClosed();
        if (closed) {
            leave();
            throw new IllegalStateException("This consumer has already been closed.");
        }
    }

    /**
     * Enters to close the consumer, which may be closed already.
     *
     * @throws ConcurrentModificationException if another thread is inside
     */
    public void enterEvenIfClosed() {
        Thread current = Thread.currentThread();
        if (inside.get() != current && !inside.compareAndSet(null, current)) {
            Thread other = inside.get();
            throw new ConcurrentModificationException(
                    "KafkaConsumer is not safe for multi-threaded access. currentThread(name: "
                            + current.getName() + ", id: " + current.getId() + ") otherThread("
                            + (other == null ? "has just left" : "name: " + other.getName() + ", id: " + other.getId())
                            + ")");
        }
        depth++;
    }

    /** Leaves. After as many calls as there were entries, another thread may enter. */
    public void leave() {
        if (--depth == 0) {
            inside.set(null);
        }
    }

    /**
     * Begins to close the consumer: the thread inside may still call it, from listeners. Called by that thread.
     *
     * @return whether nobody has begun before
     */
    public boolean beginClosing() {
        boolean first = !closing;
        closing = true;
        return first;
    }

    /** Marks the consumer as closed. Called by the thread inside. */
    public void close() {
        closed = true;
    }
}
