package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsResponse;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsRequest;
import dev.surefoot.core.engine.TopicIdExchange.TopicIdsResponse;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.testkit.simulation.model.FetchTerms;
import dev.surefoot.testkit.simulation.model.FetchUnderWay;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.common.Uuid;

/** The brokers' side of requests that have arrived: answers them, or lets fetches wait for records. */
final class BrokerSide {
    /** What a request or an answer has beside its records. */
    private static final int FRAME_BYTES = 100;

    private static final long MAX_WAIT_NANOS = 500 * Wire.MILLI;

    /** Receives the answer. */
    interface Receipt {
        void answered(Answer answer);
    }

    /** A fetch that waits at its broker for records. */
    private record Waiting(int broker, FetchRequest request, FetchUnderWay fetch, Receipt receipt) {}

    /** What a broker does with requests of one class. */
    private record Service<R>(Class<R> request, Serving<R> serving) {
        void serve(int broker, Request<?> received, Receipt receipt) {
            serving.serve(broker, request.cast(received), receipt);
        }
    }

    /** What a broker does with a request. */
    interface Serving<R> {
        void serve(int broker, R request, Receipt receipt);
    }

    private final Map<Class<?>, Service<?>> services = new HashMap<>();
    private final VirtualTime time;
    private final ModelCluster cluster;
    private final Tampering tampering;
    private final boolean readCommitted;
    private final List<Waiting> waiting = new ArrayList<>();
    private final ReadableEnds ends;

    BrokerSide(VirtualTime time, ModelCluster cluster, Tampering tampering, boolean readCommitted) {
        this.time = time;
        this.cluster = cluster;
        this.tampering = tampering;
        this.readCommitted = readCommitted;
        this.ends = new ReadableEnds(time, cluster, readCommitted);
        serve(FetchRequest.class, this::receiveFetch);
        answer(RemainingRecordsRequest.class, this::remaining);
        answer(
                MetadataRequest.class,
                (at, metadata) ->
                        new MetadataResponse(at.metadata(metadata.query().topics())));
        answer(TopicIdsRequest.class, (at, named) -> new TopicIdsResponse(only(at.metadata(null), named.topicIds())));
        answer(ListOffsetsRequest.class, (at, offsets) -> new ListOffsetsResponse(at.offsets(offsets.query())));
        answer(
                OffsetForLeaderEpochRequest.class,
                (at, epochs) -> new OffsetForLeaderEpochResponse(at.epochs(epochs.query())));
    }

    private static MetadataAnswer only(MetadataAnswer all, Set<Uuid> topicIds) {
        return new MetadataAnswer(
                all.error(),
                all.throttleTimeMs(),
                all.clusterId(),
                all.brokers(),
                all.topics().stream()
                        .filter(topic -> topicIds.contains(topic.topicId()))
                        .toList());
    }

    /** Enters an API. */
    final <R> void serve(Class<R> request, Serving<R> serving) {
        services.put(request, new Service<>(request, serving));
    }

    /** Serves requests that are answered at once. */
    private <R extends Request<A>, A extends Answer> void answer(
            Class<R> request, BiFunction<ModelBroker, R, A> answer) {
        serve(request, (broker, received, receipt) -> receipt.answered(answer.apply(cluster.broker(broker), received)));
    }

    /** Where logs ended at which time. */
    ReadableEnds ends() {
        return ends;
    }

    boolean isUp(int broker) {
        return cluster.broker(broker).isUp();
    }

    void receive(int broker, Request<?> request, Receipt receipt) {
        Service<?> service = services.get(request.getClass());
        if (service == null) {
            throw new IllegalStateException("the simulated brokers do not know the API of a "
                    + request.getClass().getSimpleName() + ": enter it in BrokerSide");
        }
        service.serve(broker, request, receipt);
    }

    private void receiveFetch(int broker, FetchRequest fetch, Receipt receipt) {
        FetchTerms terms = new FetchTerms(fetch.maxBytes(), readCommitted);
        FetchUnderWay underWay = cluster.broker(broker).fetch(fetch.plan(), terms, time.nanos());
        Waiting received = new Waiting(broker, fetch, underWay, receipt);
        if (!answer(received, false)) {
            waiting.add(received);
            time.at(time.nanos() + MAX_WAIT_NANOS, () -> giveUpWaiting(received));
        }
    }

    private RemainingRecordsResponse remaining(ModelBroker at, RemainingRecordsRequest asked) {
        FetchTerms terms = new FetchTerms(asked.maxBytes(), readCommitted);
        FetchAnswer answer = at.fetch(asked.plan(), terms, time.nanos()).answer(true, time.nanos());
        return RemainingRecordsResponse.of(asked, Objects.requireNonNull(answer));
    }

    private void giveUpWaiting(Waiting fetch) {
        if (waiting.remove(fetch)) {
            answer(fetch, true);
        }
    }

    private boolean answer(Waiting fetch, boolean timeUp) {
        FetchAnswer answer = fetch.fetch().answer(timeUp, time.nanos());
        if (answer == null) {
            return false;
        }
        FetchPlan plan = fetch.request().plan();
        FetchAnswer sent = tampering.tamper(fetch.broker(), plan, answer);
        fetch.receipt().answered(new FetchResponse(sent, FRAME_BYTES, FRAME_BYTES + recordBytes(sent)));
        return true;
    }

    private static int recordBytes(FetchAnswer answer) {
        return answer.partitions().stream()
                .mapToInt(partition -> partition.records().remaining())
                .sum();
    }

    /** Answers waiting fetches that can read something now. */
    void lookAgain() {
        ends.note();
        for (int i = 0; i < waiting.size(); ) {
            if (answer(waiting.get(i), false)) {
                waiting.remove(i);
            } else {
                i++;
            }
        }
    }

    /** Drops the fetches that wait at this broker, which is down. */
    void forget(int broker) {
        waiting.removeIf(fetch -> fetch.broker() == broker);
    }
}
