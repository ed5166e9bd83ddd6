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
import dev.surefoot.core.position.ListOffsetsAnswer.PartitionOffset;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.ListOffsetsQuery.PartitionTimestamp;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks leaders for the ends of logs on behalf of the guard (ListOffsets), which learns so whether there is anything to
 * read. A question is asked once: the guard asks again if it still wants to know. Owned by the loop's thread.
 */
final class VerificationExchange implements Requester {
    /** The most partitions of one request. */
    static final int PARTITIONS_MAX = 1_000;

    private final Cluster cluster;
    private final Positions positions;
    private final Guard guard;
    private final boolean readCommitted;
    private final RequestTimeouts timeouts;
    /** What is to be asked, with the generation that it is asked for. */
    private final Map<TopicPartition, Long> wanted = new LinkedHashMap<>();

    VerificationExchange(
            Cluster cluster, Positions positions, Guard guard, boolean readCommitted, RequestTimeouts timeouts) {
        this.cluster = cluster;
        this.positions = positions;
        this.guard = guard;
        this.readCommitted = readCommitted;
        this.timeouts = timeouts;
    }

    /** Has the leaders of these partitions asked in the next dispatch. */
    void ask(Collection<TopicPartition> partitions) {
        for (TopicPartition name : partitions) {
            TrackedPartition tracked = positions.get(name);
            if (tracked != null) {
                wanted.put(name, tracked.generation());
            }
        }
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        if (wanted.isEmpty()) {
            return;
        }
        Map<Integer, ListOffsetsQuery> byLeader = new LinkedHashMap<>();
        wanted.keySet().forEach(name -> {
            PartitionLeader leader = cluster.leader(name);
            if (leader.isKnown()) {
                Map<TopicPartition, PartitionTimestamp> asked = byLeader.computeIfAbsent(
                                leader.leaderId(), id -> new ListOffsetsQuery(readCommitted, new LinkedHashMap<>()))
                        .partitions();
                if (asked.size() < PARTITIONS_MAX) {
                    asked.put(name, new PartitionTimestamp(ListOffsetsQuery.LATEST, leader.leaderEpoch()));
                }
            }
        });
        byLeader.forEach((leader, query) -> {
            if (outbox.readiness(leader, Purpose.CONTROL).isReady()) {
                ask(outbox, leader, query, turn.nowNanos());
            }
        });
    }

    private void ask(Outbox outbox, int leader, ListOffsetsQuery query, long nowNanos) {
        EndReply reply = new EndReply(query, nowNanos);
        if (outbox.send(new ListOffsetsRequest(leader, query, timeouts.answerNanos()), reply)) {
            reply.generations.putAll(wanted);
            reply.generations.keySet().retainAll(query.partitions().keySet());
            wanted.keySet().removeAll(query.partitions().keySet());
        }
    }

    private final class EndReply implements Reply<ListOffsetsResponse> {
        private final ListOffsetsQuery query;
        private final long sentNanos;
        private final Map<TopicPartition, Long> generations = new HashMap<>();

        EndReply(ListOffsetsQuery query, long sentNanos) {
            this.query = query;
            this.sentNanos = sentNanos;
        }

        @Override
        public void answered(ListOffsetsResponse found, long nowNanos) {
            query.partitions().keySet().forEach(name -> {
                PartitionOffset end = found.answer().partitions().get(name);
                tell(name, end != null && end.error() == BrokerError.NONE ? end.offset() : -1);
            });
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            query.partitions().keySet().forEach(name -> tell(name, -1));
        }

        private void tell(TopicPartition name, long end) {
            Long generation = generations.get(name);
            if (generation != null) {
                guard.ledgers().ended(name, generation, end, sentNanos);
            }
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        // The guard asks again if it still wants to know, so nothing is due here.
    }
}
