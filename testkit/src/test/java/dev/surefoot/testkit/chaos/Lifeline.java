package dev.surefoot.testkit.chaos;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.net.Transport;
import dev.surefoot.runtime.Seams;
import java.time.Duration;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Between a consumer and its brokers. {@link #cut} is what the death of the consumer's process would be to them: its
 * connections end, and nothing comes from it any more. To the consumer, nothing is answered any more.
 */
final class Lifeline {
    private static final Readiness NEVER = new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);

    private final Consumer<Map<TopicPartition, OffsetAndMetadata>> doubtful;
    private volatile boolean cut;

    /**
     * @param doubtful told of each commit that was sent and has no answer: whether and when it takes effect is unknown.
     *     Called by the consumer's own thread
     */
    Lifeline(Consumer<Map<TopicPartition, OffsetAndMetadata>> doubtful) {
        this.doubtful = doubtful;
    }

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
        private final Map<Request<?>, OffsetCommitRequest> unanswered = new IdentityHashMap<>();
        private boolean closed;

        OnLifeline(Transport inner) {
            this.inner = inner;
        }

        private boolean isCut() {
            if (cut && !closed) {
                closed = true;
                inner.close();
                doubtAll();
            }
            return cut;
        }

        private void doubtAll() {
            unanswered.values().forEach(commit -> doubtful.accept(commit.offsets()));
            unanswered.clear();
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
            boolean sent = !isCut() && inner.send(request, nowNanos);
            if (sent && request instanceof OffsetCommitRequest commit) {
                unanswered.put(request, commit);
            }
            return sent;
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
                inner.poll(timeoutNanos, watched(outcomes));
            }
        }

        private Outcomes watched(Outcomes outcomes) {
            return new Outcomes() {
                @Override
                public void answered(Request<?> request, Answer answer) {
                    unanswered.remove(request);
                    outcomes.answered(request, answer);
                }

                @Override
                public void failed(Request<?> request, RequestFailure failure) {
                    OffsetCommitRequest commit = unanswered.remove(request);
                    if (commit != null) {
                        doubtful.accept(commit.offsets());
                    }
                    outcomes.failed(request, failure);
                }
            };
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
                doubtAll();
            }
        }
    }
}
