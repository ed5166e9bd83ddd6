package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.guard.Guard;
import dev.surefoot.core.guard.LeaderQuestions.Kind;
import dev.surefoot.core.position.ListOffsetsAnswer.PartitionOffset;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.ListOffsetsQuery.PartitionTimestamp;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks leaders what the guard wants to know to name a cause (ListOffsets). A question that cannot be asked now, or
 * fails, is dropped: the guard asks again at its next look if it still wants to know. Owned by the loop's thread.
 */
final class LeaderQuestionsExchange implements Requester {
    /** The most partitions of one request. */
    private static final int PARTITIONS_MAX = 1_000;

    private final Cluster cluster;
    private final Positions positions;
    private final Guard guard;
    private final boolean readCommitted;
    private final RequestTimeouts timeouts;

    LeaderQuestionsExchange(
            Cluster cluster, Positions positions, Guard guard, boolean readCommitted, RequestTimeouts timeouts) {
        this.cluster = cluster;
        this.positions = positions;
        this.guard = guard;
        this.readCommitted = readCommitted;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        if (guard.questions().isAny()) {
            guard.questions().take().forEach((kind, names) -> ask(outbox, kind, names));
        }
    }

    private void ask(Outbox outbox, Kind kind, Set<TopicPartition> names) {
        long timestamp =
                switch (kind) {
                    case END -> ListOffsetsQuery.LATEST;
                    case LOCAL_START -> ListOffsetsQuery.EARLIEST_LOCAL;
                };
        Map<Integer, Asked> byLeader = new LinkedHashMap<>();
        for (TopicPartition name : names) {
            PartitionLeader leader = cluster.leader(name);
            TrackedPartition tracked = positions.get(name);
            boolean isAsked = leader.isKnown()
                    && tracked != null
                    && byLeader.computeIfAbsent(leader.leaderId(), id -> new Asked(kind))
                            .add(name, new PartitionTimestamp(timestamp, leader.leaderEpoch()), tracked.generation());
            if (!isAsked) {
                guard.questions().dropped(kind, name);
            }
        }
        byLeader.forEach((leader, asked) -> {
            boolean isSent = outbox.readiness(leader, Purpose.CONTROL).isReady()
                    && outbox.send(new ListOffsetsRequest(leader, asked.query, timeouts.answerNanos()), asked);
            if (!isSent) {
                asked.drop();
            }
        });
    }

    /** What one leader is asked. */
    private final class Asked implements Reply<ListOffsetsResponse> {
        private final Kind kind;
        private final ListOffsetsQuery query = new ListOffsetsQuery(readCommitted, new LinkedHashMap<>());
        private final Map<TopicPartition, Long> generations = new HashMap<>();

        Asked(Kind kind) {
            this.kind = kind;
        }

        /** Asks about one partition more, unless there are as many as one request may have. */
        boolean add(TopicPartition name, PartitionTimestamp at, long generation) {
            if (generations.size() >= PARTITIONS_MAX) {
                return false;
            }
            query.partitions().put(name, at);
            generations.put(name, generation);
            return true;
        }

        void drop() {
            generations.keySet().forEach(name -> guard.questions().dropped(kind, name));
        }

        @Override
        public void answered(ListOffsetsResponse found, long nowNanos) {
            generations.forEach((name, generation) -> {
                PartitionOffset told = found.answer().partitions().get(name);
                if (told != null && told.error() == BrokerError.NONE && told.offset() >= 0) {
                    guard.questions().answered(kind, name, generation, told.offset(), nowNanos);
                }
            });
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            // A broker that does not know the question is asked again when the time has come.
            if (failure.kind() != RequestFailure.Kind.UNSUPPORTED_VERSION) {
                drop();
            }
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        // A question can wait for the next turn, which comes within a second.
    }
}
