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
import java.util.ArrayList;
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

    /**
     * A DescribeProducers request.
     *
     * @param timeoutNanos nanoseconds that the answer may take
     */
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
     * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219)
     * @param holders the producer with the oldest open transaction of each partition that has one
     */
    public record DescribeProducersResponse(int throttleTimeMs, Map<TopicPartition, Holder> holders)
            implements Answer {}

    /**
     * A ListTransactions request for transactions of these producers.
     *
     * @param timeoutNanos nanoseconds that the answer may take
     */
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
     * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219)
     * @param transactionalIds the transactional ids of the producers that the broker knows, by producer id
     */
    public record ListTransactionsResponse(int throttleTimeMs, BrokerError error, Map<Long, String> transactionalIds)
            implements Answer {}

    /**
     * A DescribeCluster request for what this client may do.
     *
     * @param timeoutNanos nanoseconds that the answer may take
     */
    public record ClusterRightsRequest(int nodeId, long timeoutNanos) implements Request<ClusterRightsResponse> {
        @Override
        public Class<ClusterRightsResponse> answerType() {
            return ClusterRightsResponse.class;
        }
    }

    /**
     * The answer to a {@link ClusterRightsRequest}.
     *
     * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219)
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
            now = new Round(turn.nowNanos());
            round = now;
            now.askLeaders(names);
        }
        now.send(outbox, turn.nowNanos());
        if (now.isAnswered() && !now.listing && !now.holders.isEmpty()) {
            now.askCoordinators();
            now.send(outbox, turn.nowNanos());
        }
        if (now.isAnswered()) {
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
        /** A connection takes few requests at a time, so these wait for their turn. */
        private final List<Question<?>> unsent = new ArrayList<>();

        private final long sinceNanos;
        private int outstanding;
        private boolean listing;
        /** Whether all that was asked of coordinators was answered, and rules out that they keep something back. */
        private boolean complete = true;

        Round(long nowNanos) {
            sinceNanos = nowNanos;
        }

        boolean isAnswered() {
            return unsent.isEmpty() && outstanding == 0;
        }

        /** Sends what can be sent. What cannot be for long is not asked in this round. */
        void send(Outbox outbox, long nowNanos) {
            unsent.removeIf(each -> {
                if (each.send(outbox, this)) {
                    outstanding++;
                    return true;
                }
                return false;
            });
            if (!unsent.isEmpty() && nowNanos - sinceNanos > timeouts.answerNanos()) {
                unsent.clear();
                complete = false;
            }
        }

        void askLeaders(Set<TopicPartition> names) {
            Map<Integer, Set<TopicPartition>> byLeader = new LinkedHashMap<>();
            for (TopicPartition name : names) {
                PartitionLeader leader = cluster.leader(name);
                if (leader.isKnown()) {
                    byLeader.computeIfAbsent(leader.leaderId(), id -> new LinkedHashSet<>())
                            .add(name);
                }
            }
            byLeader.forEach((leader, partitions) -> unsent.add(new Question<>(
                    new DescribeProducersRequest(leader, partitions, timeouts.answerNanos()),
                    answer -> holders.putAll(answer.holders()))));
        }

        void askCoordinators() {
            listing = true;
            Set<Long> producers = new LinkedHashSet<>();
            holders.values().forEach(holder -> producers.add(holder.producerId()));
            List<Node> brokers = List.copyOf(cluster.brokers());
            long nanos = timeouts.answerNanos();
            for (Node broker : brokers) {
                unsent.add(new Question<>(new ListTransactionsRequest(broker.id(), producers, nanos), this::listed));
            }
            complete &= !brokers.isEmpty();
            if (complete) {
                int any = brokers.get(0).id();
                MetadataQuery query = new MetadataQuery(TRANSACTIONS, false);
                unsent.add(new Question<>(new MetadataRequest(any, query, nanos), this::coordinatorsAreThere));
                unsent.add(new Question<>(new ClusterRightsRequest(any, nanos), answer -> complete &= answer.all()));
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

        void tell(long nowNanos) {
            holders.forEach((name, holder) -> {
                String id = transactionalIds.get(holder.producerId());
                Listing found = id != null ? Listing.LISTED : complete ? Listing.UNLISTED : Listing.UNKNOWN;
                transactions.told(name, holder, found, id == null ? "" : id, nowNanos);
            });
        }
    }

    /** A request of a round. */
    private record Question<A extends Answer>(Request<A> request, Consumer<A> to) {
        boolean send(Outbox outbox, Round round) {
            return outbox.readiness(request.nodeId(), Purpose.CONTROL).isReady()
                    && outbox.send(request, new OneReply<>(round, to));
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
