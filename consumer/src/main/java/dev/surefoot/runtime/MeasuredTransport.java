package dev.surefoot.runtime;

import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Purpose;
import dev.surefoot.core.engine.Readiness;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.engine.RequestFailure;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Transport;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.kafka.common.Node;

/** A transport whose fetches are timed, from the moment it takes them to their answer. */
final class MeasuredTransport implements Transport {
    private final Transport transport;
    private final Clock clock;
    private final FetchMeter meter;
    /** When each fetch that is under way was sent, as a value of the clock. */
    private final IdentityHashMap<Request<?>, Long> sentNanos = new IdentityHashMap<>();

    MeasuredTransport(Transport transport, Clock clock, FetchMeter meter) {
        this.transport = transport;
        this.clock = clock;
        this.meter = meter;
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        boolean sent = transport.send(request, nowNanos);
        if (sent && request instanceof Request.Fetch) {
            sentNanos.put(request, nowNanos);
        }
        return sent;
    }

    @Override
    public void poll(long timeoutNanos, Outcomes outcomes) {
        transport.poll(timeoutNanos, new MeasuredOutcomes(outcomes));
    }

    private final class MeasuredOutcomes implements Outcomes {
        private final Outcomes outcomes;

        MeasuredOutcomes(Outcomes outcomes) {
            this.outcomes = outcomes;
        }

        @Override
        public void answered(Request<?> request, Answer answer) {
            Long sent = sentNanos.remove(request);
            if (sent != null && answer instanceof Answer.Fetch fetch) {
                meter.answered(clock.nanos() - sent, fetch.answer().throttleTimeMs(), clock.epochMillis());
            }
            outcomes.answered(request, answer);
        }

        @Override
        public void failed(Request<?> request, RequestFailure failure) {
            sentNanos.remove(request);
            outcomes.failed(request, failure);
        }
    }

    @Override
    public List<Integer> bootstrapIds() {
        return transport.bootstrapIds();
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        return transport.readiness(nodeId, purpose, nowNanos);
    }

    @Override
    public void brokers(Collection<Node> brokers) {
        transport.brokers(brokers);
    }

    @Override
    public long nextDeadlineNanos() {
        return transport.nextDeadlineNanos();
    }

    @Override
    public long heldBytes() {
        return transport.heldBytes();
    }

    @Override
    public long capacityBytes() {
        return transport.capacityBytes();
    }

    @Override
    public void wakeup() {
        transport.wakeup();
    }

    @Override
    public void close() {
        transport.close();
    }
}
