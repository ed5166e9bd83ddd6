package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.position.PositionLookups;
import dev.surefoot.core.position.Positions;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Validates positions at their leaders after a leader change (OffsetForLeaderEpoch, KIP-320). A position whose leader
 * does not support this API is used without validation. Owned by the loop's thread.
 */
public final class EpochValidationExchange implements Requester {
    /**
     * A request to a leader for the end offsets of leader epochs.
     *
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record OffsetForLeaderEpochRequest(int nodeId, OffsetForLeaderEpochQuery query, long timeoutNanos)
            implements Request<OffsetForLeaderEpochResponse> {
        @Override
        public Class<OffsetForLeaderEpochResponse> answerType() {
            return OffsetForLeaderEpochResponse.class;
        }
    }

    /** The answer to an {@link OffsetForLeaderEpochRequest}. */
    public record OffsetForLeaderEpochResponse(OffsetForLeaderEpochAnswer answer) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }
    }

    private final PositionLookups lookups;
    private final Positions positions;
    private final Effects effects;
    private final PositionRequests requests;
    private final MetadataRefresh refresh;
    private final RequestTimeouts timeouts;

    EpochValidationExchange(
            PositionLookups lookups,
            Positions positions,
            Effects effects,
            PositionRequests requests,
            MetadataRefresh refresh,
            RequestTimeouts timeouts) {
        this.lookups = lookups;
        this.positions = positions;
        this.effects = effects;
        this.requests = requests;
        this.refresh = refresh;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        lookups.epochs(turn.nowNanos())
                .forEach((leader, query) -> requests.send(
                        outbox,
                        new OffsetForLeaderEpochRequest(leader, query, timeouts.answerNanos()),
                        query.partitions().keySet(),
                        new ValidationReply(leader, query, positions.sequence())));
    }

    private final class ValidationReply implements Reply<OffsetForLeaderEpochResponse> {
        private final int nodeId;
        private final OffsetForLeaderEpochQuery query;
        /** The invalidation count when the request was sent. */
        private final long sequence;

        ValidationReply(int nodeId, OffsetForLeaderEpochQuery query, long sequence) {
            this.nodeId = nodeId;
            this.query = query;
            this.sequence = sequence;
        }

        @Override
        public void answered(OffsetForLeaderEpochResponse ends, long nowNanos) {
            effects.apply(lookups.answered(nodeId, query, ends.answer(), sequence, nowNanos), nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            Set<TopicPartition> partitions = query.partitions().keySet();
            if (failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
                effects.apply(lookups.cannotValidate(partitions, sequence), nowNanos);
            } else {
                lookups.failed(partitions, sequence, nowNanos);
                refresh.request();
            }
        }
    }

    /**
     * Enters nothing. A validation that cannot be sent waits for its leader, or for the partition's back-off, which
     * {@link OffsetLookupExchange} enters.
     */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {}
}
