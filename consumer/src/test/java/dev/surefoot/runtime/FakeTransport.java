package dev.surefoot.runtime;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.net.ManualClock;
import dev.surefoot.net.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;

/**
 * A transport that keeps what is sent, and hands over whatever outcomes a test has put in. Time goes by while it is
 * polled.
 */
final class FakeTransport implements Transport {
    static final Readiness READY = new Readiness.Ready(true, true);

    private final ManualClock clock;
    private final ArrayDeque<Consumer<Outcomes>> outcomes = new ArrayDeque<>();

    final List<Request<?>> sent = new ArrayList<>();
    final Map<Integer, Readiness> readiness = new HashMap<>();
    final List<Purpose> purposes = new ArrayList<>();
    final List<Long> waits = new ArrayList<>();
    final AtomicInteger wakeups = new AtomicInteger();
    Collection<Node> brokers = List.of();
    Consumer<Request<?>> onSend = request -> {};
    /** What {@link #poll} throws, or null. */
    RuntimeException broken;
    /** What {@link #close} throws after closing, or null. */
    RuntimeException brokenClose;

    volatile long heldBytes;
    boolean closed;
    /** What may be held now. */
    long capacityBytes = Long.MAX_VALUE;

    FakeTransport(ManualClock clock) {
        this.clock = clock;
    }

    /** The outcome of a request, with the next poll. */
    void answer(Request<?> request, Answer answer) {
        outcomes.add(outcome -> outcome.answered(request, answer));
    }

    void fail(Request<?> request, RequestFailure.Kind kind, String message) {
        outcomes.add(outcome -> outcome.failed(request, new RequestFailure(kind, new KafkaException(message))));
    }

    <R extends Request<?>> R lastSent(Class<R> kind) {
        return sent.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .reduce((one, next) -> next)
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " among " + sent));
    }

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        return readiness.getOrDefault(nodeId, READY);
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        sent.add(request);
        purposes.add(request.purpose());
        onSend.accept(request);
        return true;
    }

    @Override
    public void brokers(Collection<Node> brokers) {
        this.brokers = brokers;
    }

    @Override
    public void poll(long timeoutNanos, Outcomes taker) {
        if (broken != null) {
            throw broken;
        }
        waits.add(timeoutNanos);
        if (outcomes.isEmpty()) {
            clock.advanceMs(Math.min(TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + 1, 1_000_000));
        }
        for (Consumer<Outcomes> outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            outcome.accept(taker);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public long capacityBytes() {
        return capacityBytes;
    }

    @Override
    public void wakeup() {
        wakeups.incrementAndGet();
    }

    @Override
    public void close() {
        closed = true;
        if (brokenClose != null) {
            throw brokenClose;
        }
    }
}
