package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * Asks any broker for the topics with ids that a coordinator has named and whose names are not known (Metadata by id).
 * A broker answers a request that names ids about these alone, so this one goes beside that of
 * {@link MetadataExchange}. Who needs the names decides when to ask again. Owned by the loop's thread.
 */
public final class TopicIdExchange implements Requester {
    /**
     * A request for the topics with these ids.
     *
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record TopicIdsRequest(int nodeId, Set<Uuid> topicIds, long timeoutNanos)
            implements Request<TopicIdsResponse> {
        @Override
        public Class<TopicIdsResponse> answerType() {
            return TopicIdsResponse.class;
        }
    }

    /** The answer to a {@link TopicIdsRequest}, without the topics that do not exist. */
    public record TopicIdsResponse(MetadataAnswer answer) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }
    }

    private final BrokerChoice brokers;
    private final long timeoutNanos;
    private final Supplier<Set<Uuid>> unresolved;
    private final ObjLongConsumer<MetadataAnswer> named;
    private final Consumer<EngineEvent> events;
    private boolean requested;
    private boolean outstanding;

    /**
     * @param unresolved returns the ids to ask about
     * @param named takes answers, at a time in nanoseconds of the loop's clock
     */
    TopicIdExchange(
            BrokerChoice brokers,
            long timeoutNanos,
            Supplier<Set<Uuid>> unresolved,
            ObjLongConsumer<MetadataAnswer> named,
            Consumer<EngineEvent> events) {
        this.brokers = brokers;
        this.timeoutNanos = timeoutNanos;
        this.unresolved = unresolved;
        this.named = named;
        this.events = events;
    }

    /** Has the ids that are not known asked about, once. */
    void request() {
        requested = true;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        if (!requested || outstanding) {
            return;
        }
        Set<Uuid> ids = unresolved.get();
        if (ids.isEmpty()) {
            requested = false;
            return;
        }
        BrokerChoice.Choice choice = brokers.choose(outbox, turn.nowNanos());
        if (choice.failure() != null) {
            requested = false;
        } else if (choice.found()) {
            outstanding = outbox.send(new TopicIdsRequest(choice.nodeId(), ids, timeoutNanos), new IdsReply());
            requested = !outstanding;
        }
    }

    /** Enters nothing: a request that is due waits for a broker only. */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {}

    private final class IdsReply implements Reply<TopicIdsResponse> {
        @Override
        public void answered(TopicIdsResponse described, long nowNanos) {
            outstanding = false;
            MetadataAnswer answer = described.answer();
            if (answer.error() == BrokerError.NONE && !answer.brokers().isEmpty()) {
                named.accept(answer, nowNanos);
            } else {
                brokers.tryNext();
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            outstanding = false;
            brokers.tryNext();
            if (failure.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
                events.accept(new EngineEvent.Raised(failure.cause()));
            }
        }
    }
}
