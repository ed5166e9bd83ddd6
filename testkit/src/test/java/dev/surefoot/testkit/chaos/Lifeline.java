package dev.surefoot.testkit.chaos;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.net.Transport;
import dev.surefoot.runtime.Seams;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * Between a consumer and its brokers. {@link #cut} is what the death of the consumer's process would be to them: its
 * connections end, and nothing comes from it any more. To the consumer, nothing is answered any more.
 */
final class Lifeline {
    private static final Readiness NEVER = new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);

    private volatile boolean cut;

    /** The seams of the consumer that hangs on it. */
    Seams seams() {
        return new Seams(OnLifeline::new, Seams.NONE.sessions());
    }

    /** Cuts it for ever. Safe from any thread. */
    void cut() {
        cut = true;
    }

    private final class OnLifeline implements Transport {
        private final Transport inner;
        private boolean closed;

        OnLifeline(Transport inner) {
            this.inner = inner;
        }

        private boolean isCut() {
            if (cut && !closed) {
                closed = true;
                inner.close();
            }
            return cut;
        }

        @Override
        public List<Integer> bootstrapIds() {
            return inner.bootstrapIds();
        }

        @Override
        public @Nullable LinkCondition condition(int nodeId, Purpose purpose, long nowNanos) {
            return inner.condition(nodeId, purpose, nowNanos);
        }

        @Override
        public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
            return isCut() ? NEVER : inner.readiness(nodeId, purpose, nowNanos);
        }

        @Override
        public boolean send(Request<?> request, long nowNanos) {
            return !isCut() && inner.send(request, nowNanos);
        }

        @Override
        public void brokers(Collection<Node> brokers) {
            if (!isCut()) {
                inner.brokers(brokers);
            }
        }

        @Override
        public void poll(long timeoutNanos, Outcomes outcomes) {
            if (isCut()) {
                LockSupport.parkNanos(
                        Math.min(timeoutNanos, Duration.ofMillis(10).toNanos()));
            } else {
                inner.poll(timeoutNanos, outcomes);
            }
        }

        @Override
        public long nextDeadlineNanos() {
            return isCut() ? Long.MAX_VALUE : inner.nextDeadlineNanos();
        }

        @Override
        public long heldBytes() {
            return inner.heldBytes();
        }

        @Override
        public long capacityBytes() {
            return inner.capacityBytes();
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public void close() {
            if (!isCut()) {
                inner.close();
            }
        }
    }
}
