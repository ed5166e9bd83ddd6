package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Request;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.testkit.simulation.model.FetchTerms;
import dev.surefoot.testkit.simulation.model.FetchUnderWay;
import dev.surefoot.testkit.simulation.model.ModelBroker;
import dev.surefoot.testkit.simulation.model.ModelCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The brokers' side of requests that have arrived: answers them, or lets fetches wait for records. */
final class BrokerSide {
    private static final long MAX_WAIT_NANOS = 500 * Wire.MILLI;

    /** Receives the answer. */
    interface Receipt {
        void answered(Answer answer);
    }

    /** A fetch that waits at its broker for records. */
    private record Waiting(int broker, Request.Fetch request, FetchUnderWay fetch, Receipt receipt) {}

    private final VirtualTime time;
    private final ModelCluster cluster;
    private final Tampering tampering;
    private final boolean readCommitted;
    private final List<Waiting> waiting = new ArrayList<>();

    BrokerSide(VirtualTime time, ModelCluster cluster, Tampering tampering, boolean readCommitted) {
        this.time = time;
        this.cluster = cluster;
        this.tampering = tampering;
        this.readCommitted = readCommitted;
    }

    boolean isUp(int broker) {
        return cluster.broker(broker).isUp();
    }

    void receive(int broker, Request<?> request, Receipt receipt) {
        ModelBroker at = cluster.broker(broker);
        Optional<Answer> answer = request.accept(new Request.Visitor<Optional<Answer>>() {
            @Override
            public Optional<Answer> fetch(Request.Fetch fetch) {
                receiveFetch(broker, fetch, receipt);
                return Optional.empty();
            }

            @Override
            public Optional<Answer> metadata(Request.Metadata metadata) {
                return Optional.of(
                        new Answer.Metadata(at.metadata(metadata.query().topics())));
            }

            @Override
            public Optional<Answer> listOffsets(Request.ListOffsets offsets) {
                return Optional.of(new Answer.ListOffsets(at.offsets(offsets.query())));
            }

            @Override
            public Optional<Answer> offsetForLeaderEpoch(Request.OffsetForLeaderEpoch epochs) {
                return Optional.of(new Answer.OffsetForLeaderEpoch(at.epochs(epochs.query())));
            }
        });
        answer.ifPresent(receipt::answered);
    }

    private void receiveFetch(int broker, Request.Fetch fetch, Receipt receipt) {
        FetchTerms terms = new FetchTerms(fetch.maxBytes(), readCommitted);
        FetchUnderWay underWay = cluster.broker(broker).fetch(fetch.plan(), terms, time.nanos());
        Waiting received = new Waiting(broker, fetch, underWay, receipt);
        if (!answer(received, false)) {
            waiting.add(received);
            time.at(time.nanos() + MAX_WAIT_NANOS, () -> giveUpWaiting(received));
        }
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
        fetch.receipt().answered(new Answer.Fetch(sent, 100, 100));
        return true;
    }

    /** Answers waiting fetches that can read something now. */
    void lookAgain() {
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
