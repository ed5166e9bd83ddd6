package dev.surefoot.runtime;

import dev.surefoot.core.handover.Delivery;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where data crosses from the loop's thread to the application's. The loop puts in, the application
 * takes out; the order is kept. What bounds it is the byte budget, which the loop reserves before it fetches. What
 * comes without end from partitions that have no records is kept once for each: the newest watermarks, and a
 * failure that is tried again.
 *
 * <p>The protocol of waiting: the application announces itself in {@code waiting}, looks once more, and only then
 * parks; the loop puts in first and then looks for someone waiting. One of the two always sees the other.
 */
final class Handover {
    private final ConcurrentLinkedQueue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<TopicPartition, Delivery.Marks> marks = new ConcurrentHashMap<>();
    /**
     * Every partition with marks, and perhaps some that have none any more: a large map is slow to walk, even an empty
     * one.
     */
    private final ConcurrentLinkedQueue<TopicPartition> marked = new ConcurrentLinkedQueue<>();
    /** Partitions of which a failure is under way that will come again if it lasts. */
    private final Set<TopicPartition> failing = ConcurrentHashMap.newKeySet();

    private final AtomicReference<@Nullable KafkaException> raised = new AtomicReference<>();
    private volatile @Nullable Thread waiting;
    private volatile boolean signalled;

    private final Threads threads;
    private final Arrivals arrivals = new Arrivals();

    /** @param threads how the application's thread waits */
    Handover(Threads threads) {
        this.threads = threads;
    }

    // The loop's side.

    void deliver(Delivery delivery) {
        delivery.accept(arrivals);
    }

    /** What becomes of each delivery that the loop hands over. */
    private final class Arrivals implements Delivery.Visitor {
        @Override
        public void records(Delivery.Records records) {
            // They bring newer watermarks, which the older ones must not follow.
            marks.remove(records.partition());
            deliveries.add(records);
        }

        @Override
        public void marks(Delivery.Marks newest) {
            if (marks.put(newest.partition(), newest) == null) {
                marked.add(newest.partition());
            }
        }

        @Override
        public void positioned(Delivery.Positioned positioned) {
            deliveries.add(positioned);
        }

        @Override
        public void failure(Delivery.Failure failure) {
            if (failure.lasting() || failing.add(failure.partition())) {
                deliveries.add(failure);
            }
        }
    }

    /** Leaves an error for the application's next poll; a newer one takes the place of one that was not thrown yet. */
    void raise(KafkaException cause) {
        raised.set(cause);
    }

    /** Wakes the application if it waits; any thread may do so. */
    void signal() {
        signalled = true;
        Thread thread = waiting;
        if (thread != null) {
            threads.unpark(thread);
        }
    }

    // The application's side.

    /** The next delivery in order, or null when there is none; watermarks alone are not among them. */
    @Nullable Delivery take() {
        Delivery taken = deliveries.poll();
        if (taken instanceof Delivery.Failure failure && !failure.lasting()) {
            failing.remove(failure.partition());
        }
        return taken;
    }

    /** Takes out the newest watermarks of the partitions that have had no records since. */
    void takeMarks(Consumer<Delivery.Marks> taker) {
        for (TopicPartition partition = marked.poll(); partition != null; partition = marked.poll()) {
            Delivery.Marks newest = marks.remove(partition);
            if (newest != null) {
                taker.accept(newest);
            }
        }
    }

    @Nullable KafkaException takeRaised() {
        return raised.getAndSet(null);
    }

    /** Takes out an error that whatever the application waits for would run into as well: refused credentials. */
    @Nullable KafkaException takeRefusedCredentials() {
        KafkaException cause = raised.get();
        return cause instanceof AuthenticationException && raised.compareAndSet(cause, null) ? cause : null;
    }

    /** Waits until there is a signal since the last call, or for so long. An interrupt ends the wait and stays set. */
    void await(long nanos) {
        waiting = Thread.currentThread();
        try {
            if (!signalled && nanos > 0) {
                threads.park(this, nanos);
            }
            signalled = false;
        } finally {
            waiting = null;
        }
    }
}
