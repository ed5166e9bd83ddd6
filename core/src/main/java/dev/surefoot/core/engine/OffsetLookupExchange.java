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
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.PositionLookups;
import dev.surefoot.core.position.Positions;

/** Looks up the offsets of partitions without a position at their leaders (ListOffsets). Owned by the loop's thread. */
public final class OffsetLookupExchange implements Requester {
    /**
     * A request to a leader for offsets by timestamp.
     *
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record ListOffsetsRequest(int nodeId, ListOffsetsQuery query, long timeoutNanos)
            implements Request<ListOffsetsResponse> {
        @Override
        public Class<ListOffsetsResponse> answerType() {
            return ListOffsetsResponse.class;
        }
    }

    /** The answer to a {@link ListOffsetsRequest}. */
    public record ListOffsetsResponse(ListOffsetsAnswer answer) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }
    }

    private enum Due implements Deadlines.Name {
        /** A partition's back-off ends. */
        PARTITION_RETRY
    }

    private final PositionLookups lookups;
    private final Positions positions;
    private final Effects effects;
    private final PositionRequests requests;
    private final Reachability reachability;
    private final MetadataRefresh refresh;
    private final RequestTimeouts timeouts;

    OffsetLookupExchange(
            PositionLookups lookups,
            Positions positions,
            Effects effects,
            PositionRequests requests,
            Reachability reachability,
            MetadataRefresh refresh,
            RequestTimeouts timeouts) {
        this.lookups = lookups;
        this.positions = positions;
        this.effects = effects;
        this.requests = requests;
        this.reachability = reachability;
        this.refresh = refresh;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        effects.apply(lookups.onTurn(turn.nowNanos()), turn.nowNanos());
        lookups.offsets(turn.nowNanos(), turn.epochMillis())
                .forEach((leader, query) -> requests.send(
                        outbox,
                        new ListOffsetsRequest(leader, query, timeouts.answerNanos()),
                        query.partitions().keySet(),
                        new LookupReply(leader, query, positions.sequence())));
    }

    private final class LookupReply implements Reply<ListOffsetsResponse> {
        private final int nodeId;
        private final ListOffsetsQuery query;
        /** The invalidation count when the request was sent. */
        private final long sequence;

        LookupReply(int nodeId, ListOffsetsQuery query, long sequence) {
            this.nodeId = nodeId;
            this.query = query;
            this.sequence = sequence;
        }

        @Override
        public void answered(ListOffsetsResponse found, long nowNanos) {
            effects.apply(lookups.answered(nodeId, query, found.answer(), sequence, nowNanos), nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            reachability.raiseUnsupported(failure);
            lookups.failed(query.partitions().keySet(), sequence, nowNanos);
            refresh.request();
        }
    }

    /** Enters the next end of a partition's back-off, which also counts for fetches and epoch validation. */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.enter(Due.PARTITION_RETRY, positions.nextRetryNanos());
    }
}
