package dev.surefoot.runtime;

import dev.surefoot.core.handover.Delivery;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * The queue through which deliveries pass from the loop's thread to the application's, in order. The byte budget, which
 * the loop reserves before it fetches, bounds it. What partitions without records produce without end is kept once for
 * each: the newest watermarks, and a failure that is retried.
 *
 * <p>The protocol of waiting: the application sets {@code waiting}, looks once more, and only then parks. The loop adds
 * first and then reads {@code waiting}. So one of the two always sees the other.
 */
final class Handover {
    private final ConcurrentLinkedQueue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<TopicPartition, Delivery.Marks> marks = new ConcurrentHashMap<>();
    /**
     * Contains every partition with marks, and may contain some without: iterating a large map is slow, even if it is
     * empty.
     */
    private final ConcurrentLinkedQueue<TopicPartition> marked = new ConcurrentLinkedQueue<>();
    /** Partitions with a failure in the queue that will recur if it lasts. */
    private final Set<TopicPartition> failing = ConcurrentHashMap.newKeySet();

    /** Partitions to be fetched again from the consumed position, with the generation that it is said of. */
    private final ConcurrentHashMap<TopicPartition, Long> again = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<KafkaException> raised = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Refusal> refusal = new AtomicReference<>();
    private volatile @Nullable Thread waiting;
    private volatile boolean signalled;

    private final NoticeQueue notices = new NoticeQueue();
    private final Threads threads;
    private final Arrivals arrivals = new Arrivals();

    /** What brokers refuse for good of the topics that are read. */
    private record Refusal(Set<String> topics, KafkaException cause) {}

    /** @param threads how the application's thread waits */
    Handover(Threads threads) {
        this.threads = threads;
    }

    // On the loop's thread.

    void deliver(Delivery delivery) {
        delivery.accept(arrivals);
    }

    /** Puts each delivery of the loop where the application takes it from. */
    private final class Arrivals implements Delivery.Visitor {
        @Override
        public void records(Delivery.Records records) {
            // The records carry newer watermarks; the older ones must not follow them.
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

    /** Leaves word that the partition is to be fetched again from the consumed position. */
    void readAgain(TopicPartition partition, long generation) {
        again.put(partition, generation);
    }

    /** Leaves an error for the application's next poll; a newer error replaces one of its class. */
    void raise(KafkaException cause) {
        raised.removeIf(older -> older.getClass() == cause.getClass());
        raised.add(cause);
    }

    /**
     * Leaves what brokers refuse now of the topics that are read, in the place of what they have refused before.
     *
     * @param cause null if they refuse nothing any more
     */
    void refuse(Set<String> topics, @Nullable KafkaException cause) {
        refusal.set(cause == null ? null : new Refusal(topics, cause));
    }

    /** Wakes the application if it waits. Safe from any thread. */
    void signal() {
        signalled = true;
        Thread thread = waiting;
        if (thread != null) {
            threads.unpark(thread);
        }
    }

    // On the application's thread.

    /**
     * Takes the next delivery in order; returns null if there is none. Watermarks without records are not among them.
     */
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

    /** Takes out the partitions that are to be fetched again, each with the generation that it was said of. */
    void takeAgain(BiConsumer<TopicPartition, Long> taker) {
        if (again.isEmpty()) {
            return;
        }
        for (TopicPartition partition : again.keySet()) {
            Long generation = again.remove(partition);
            if (generation != null) {
                taker.accept(partition, generation);
            }
        }
    }

    /** What the loop tells the application about its group. */
    NoticeQueue notices() {
        return notices;
    }

    @Nullable KafkaException takeRaised() {
        return raised.poll();
    }

    /**
     * Takes out the exception for what brokers refuse, or returns null if there is none.
     *
     * @param isRead whether the application still reads a topic; the loop may not know yet
     */
    @Nullable KafkaException takeRefusal(Predicate<String> isRead) {
        if (refusal.get() == null) {
            return null;
        }
        Refusal taken = refusal.getAndSet(null);
        return taken != null && taken.topics.stream().anyMatch(isRead) ? taken.cause : null;
    }

    /** The application reads other topics, or asks anew for those that were refused. */
    void forgetRefusal() {
        refusal.set(null);
    }

    /** Takes out an error that also affects queries to the cluster: refused credentials. */
    @Nullable KafkaException takeRefusedCredentials() {
        for (KafkaException cause : raised) {
            if (cause instanceof AuthenticationException && raised.remove(cause)) {
                return cause;
            }
        }
        return null;
    }

    /**
     * Waits until there is a signal since the last call, for {@code nanos} at most. An interrupt ends the wait and
     * stays set.
     *
     * @return whether there was a signal
     */
    boolean await(long nanos) {
        waiting = Thread.currentThread();
        try {
            if (!signalled && nanos > 0) {
                threads.park(this, nanos);
            }
            boolean any = signalled;
            signalled = false;
            return any;
        } finally {
            waiting = null;
        }
    }
}
