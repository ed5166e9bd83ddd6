package dev.surefoot.testkit.museum;

import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.net.Transport;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * Refuses fetches while a metadata refresh is in flight, after the fetch was built, as kafka-python's client did with
 * {@code metadata_priority}. A sound session handler loses nothing by it.
 */
final class MetadataFirstTransport implements Transport {
    private final Transport real;
    private int refreshing;

    MetadataFirstTransport(Transport real) {
        this.real = real;
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        if (request.purpose() == Purpose.FETCH && refreshing > 0) {
            return false;
        }
        boolean sent = real.send(request, nowNanos);
        if (sent && request instanceof MetadataRequest) {
            refreshing++;
        }
        return sent;
    }

    @Override
    public void poll(long timeoutNanos, Outcomes outcomes) {
        real.poll(timeoutNanos, new Outcomes() {
            @Override
            public void answered(Request<?> request, Answer answer) {
                ended(request);
                outcomes.answered(request, answer);
            }

            @Override
            public void failed(Request<?> request, RequestFailure failure) {
                ended(request);
                outcomes.failed(request, failure);
            }
        });
    }

    private void ended(Request<?> request) {
        if (request instanceof MetadataRequest) {
            refreshing--;
        }
    }

    @Override
    public List<Integer> bootstrapIds() {
        return real.bootstrapIds();
    }

    @Override
    public void brokers(Collection<Node> brokers) {
        real.brokers(brokers);
    }

    @Override
    public @Nullable LinkCondition condition(int nodeId, Purpose purpose, long nowNanos) {
        return real.condition(nodeId, purpose, nowNanos);
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose, long nowNanos) {
        real.reconnect(nodeId, purpose, nowNanos);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        return real.readiness(nodeId, purpose, nowNanos);
    }

    @Override
    public long nextDeadlineNanos() {
        return real.nextDeadlineNanos();
    }

    @Override
    public long heldBytes() {
        return real.heldBytes();
    }

    @Override
    public long capacityBytes() {
        return real.capacityBytes();
    }

    @Override
    public void wakeup() {
        real.wakeup();
    }

    @Override
    public void close() {
        real.close();
    }
}
