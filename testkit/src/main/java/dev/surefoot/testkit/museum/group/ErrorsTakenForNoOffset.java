package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.net.Transport;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit GF7, after platformatic/kafka: an error in the answer to OffsetFetch falls through to the case in which the
 * group has committed nothing, so the partition starts where {@code auto.offset.reset} says.
 */
final class ErrorsTakenForNoOffset implements Transport {
    private final Transport real;

    ErrorsTakenForNoOffset(Transport real) {
        this.real = real;
    }

    @Override
    public void poll(long timeoutNanos, Outcomes outcomes) {
        real.poll(timeoutNanos, new Outcomes() {
            @Override
            public void answered(Request<?> request, Answer answer) {
                boolean isFetch = request instanceof OffsetFetchRequest && answer instanceof OffsetFetchResponse;
                outcomes.answered(
                        request,
                        isFetch ? withoutErrors((OffsetFetchRequest) request, (OffsetFetchResponse) answer) : answer);
            }

            @Override
            public void failed(Request<?> request, RequestFailure failure) {
                outcomes.failed(request, failure);
            }
        });
    }

    private static OffsetFetchResponse withoutErrors(OffsetFetchRequest request, OffsetFetchResponse answer) {
        Map<TopicPartition, Found> found = new LinkedHashMap<>();
        for (TopicPartition partition : request.partitions()) {
            Found said = answer.partitions().get(partition);
            boolean isGood = answer.error() == BrokerError.NONE && said != null && said.error() == BrokerError.NONE;
            found.put(partition, isGood && said != null ? said : new Found(BrokerError.NONE, (short) 0, -1, -1, null));
        }
        return new OffsetFetchResponse(answer.throttleTimeMs(), BrokerError.NONE, (short) 0, found);
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        return real.send(request, nowNanos);
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
