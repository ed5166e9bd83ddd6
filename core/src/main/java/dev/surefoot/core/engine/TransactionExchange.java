package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.guard.OpenTransactions;
import dev.surefoot.core.guard.OpenTransactions.Holder;
import dev.surefoot.core.guard.OpenTransactions.Listing;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks brokers about the transactions that partitions have waited for: the leader for the producer, and then every
 * broker, as each coordinates a share of the transactions, whether it knows that producer's. A transaction that is in
 * no list hangs only if every coordinator is there and this client may see all. One round at a time; what fails is
 * not asked again in it. Owned by the loop's thread.
 */
public final class TransactionExchange implements Requester {
    /** The topic whose partitions coordinators of transactions lead. */
    private static final Set<String> TRANSACTIONS = Set.of("__transaction_state");

    /** A DescribeProducers request. */
    public record DescribeProducersRequest(int nodeId, Set<TopicPartition> partitions, long timeoutNanos)
            implements Request<DescribeProducersResponse> {
        @Override
        public Class<DescribeProducersResponse> answerType() {
            return DescribeProducersResponse.class;
        }
    }

    /**
     * The answer to a {@link DescribeProducersRequest}.
     *
     * @param holders the producer with the oldest open transaction of each partition that has one
     */
    public record DescribeProducersResponse(int throttleTimeMs, Map<TopicPartition, Holder> holders)
            implements Answer {}

    /** A ListTransactions request for transactions of these producers. */
    public record ListTransactionsRequest(int nodeId, Set<Long> producerIds, long timeoutNanos)
            implements Request<ListTransactionsResponse> {
        @Override
        public Class<ListTransactionsResponse> answerType() {
            return ListTransactionsResponse.class;
        }
    }

    /**
     * The answer to a {@link ListTransactionsRequest}.
     *
     * @param transactionalIds the transactional ids of the producers that the broker knows, by producer id
     */
    public record ListTransactionsResponse(int throttleTimeMs, BrokerError error, Map<Long, String> transactionalIds)
            implements Answer {}

    /** A DescribeCluster request for what this client may do. */
    public record ClusterRightsRequest(int nodeId, long timeoutNanos) implements Request<ClusterRightsResponse> {
        @Override
        public Class<ClusterRightsResponse> answerType() {
            return ClusterRightsResponse.class;
        }
    }

    /**
     * The answer to a {@link ClusterRightsRequest}.
     *
     * @param all whether nothing is kept from this client: there is no authorizer, or it is a super user
     */
    public record ClusterRightsResponse(int throttleTimeMs, boolean all) implements Answer {}

    private final Cluster cluster;
    private final OpenTransactions transactions;
    private final RequestTimeouts timeouts;
    private @Nullable Round round;

    TransactionExchange(Cluster cluster, OpenTransactions transactions, RequestTimeouts timeouts) {
        this.cluster = cluster;
        this.transactions = transactions;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        Round now = round;
        if (now == null) {
            Set<TopicPartition> names = transactions.takeRound(turn.nowNanos());
            if (names.isEmpty()) {
                return;
            }
            now = new Round();
            round = now;
            now.askLeaders(outbox, names);
        }
        if (now.outstanding == 0 && !now.listing && !now.holders.isEmpty()) {
            now.askCoordinators(outbox);
        }
        if (now.outstanding == 0) {
            now.tell(turn.nowNanos());
            round = null;
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        // Each answer makes a turn, and the first question can wait for the next one.
    }

    /** One round of questions. */
    private final class Round {
        private final Map<TopicPartition, Holder> holders = new LinkedHashMap<>();
        private final Map<Long, String> transactionalIds = new HashMap<>();
        private int outstanding;
        private boolean listing;
        /** Whether all that was asked of coordinators was answered, and rules out that they keep something back. */
        private boolean complete = true;

        void askLeaders(Outbox outbox, Set<TopicPartition> names) {
            Map<Integer, Set<TopicPartition>> byLeader = new LinkedHashMap<>();
            for (TopicPartition name : names) {
                PartitionLeader leader = cluster.leader(name);
                if (leader.isKnown()) {
                    byLeader.computeIfAbsent(leader.leaderId(), id -> new LinkedHashSet<>())
                            .add(name);
                }
            }
            byLeader.forEach((leader, partitions) -> ask(
                    outbox,
                    new DescribeProducersRequest(leader, partitions, timeouts.answerNanos()),
                    answer -> holders.putAll(answer.holders())));
        }

        void askCoordinators(Outbox outbox) {
            listing = true;
            Set<Long> producers = new LinkedHashSet<>();
            holders.values().forEach(holder -> producers.add(holder.producerId()));
            List<Node> brokers = List.copyOf(cluster.brokers());
            for (Node broker : brokers) {
                ask(outbox, new ListTransactionsRequest(broker.id(), producers, timeouts.answerNanos()), this::listed);
            }
            complete &= !brokers.isEmpty();
            if (complete) {
                int any = brokers.get(0).id();
                ask(outbox, new ClusterRightsRequest(any, timeouts.answerNanos()), answer -> complete &= answer.all());
                MetadataQuery query = new MetadataQuery(TRANSACTIONS, false);
                ask(outbox, new MetadataRequest(any, query, timeouts.answerNanos()), this::coordinatorsAreThere);
            }
        }

        private void listed(ListTransactionsResponse answer) {
            complete &= answer.error() == BrokerError.NONE;
            transactionalIds.putAll(answer.transactionalIds());
        }

        /** The transactions of a coordinator whose partition has no leader are in no list. */
        private void coordinatorsAreThere(MetadataResponse answer) {
            complete &= answer.answer().topics().size() == 1
                    && answer.answer().topics().stream()
                            .allMatch(topic -> topic.error() == BrokerError.NONE
                                    && topic.partitions().stream().allMatch(each -> each.leaderId() >= 0));
        }

        private <A extends Answer> void ask(Outbox outbox, Request<A> request, Consumer<A> answered) {
            boolean sent = outbox.readiness(request.nodeId(), Purpose.CONTROL).isReady()
                    && outbox.send(request, new OneReply<>(this, answered));
            if (sent) {
                outstanding++;
            } else {
                complete = false;
            }
        }

        void tell(long nowNanos) {
            holders.forEach((name, holder) -> {
                String id = transactionalIds.get(holder.producerId());
                Listing found = id != null ? Listing.LISTED : complete ? Listing.UNLISTED : Listing.UNKNOWN;
                transactions.told(name, holder, found, id == null ? "" : id, nowNanos);
            });
        }
    }

    private record OneReply<A extends Answer>(Round round, Consumer<A> to) implements Reply<A> {
        @Override
        public void answered(A answer, long nowNanos) {
            round.outstanding--;
            to.accept(answer);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            round.outstanding--;
            round.complete = false;
        }
    }
}
