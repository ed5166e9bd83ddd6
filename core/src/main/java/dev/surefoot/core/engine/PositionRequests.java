package dev.surefoot.core.engine;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.position.PositionLookups;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** How a leader is asked about positions, whatever is asked of it. Owned by the loop's thread. */
final class PositionRequests {
    private final PositionLookups lookups;
    private final Questions questions;
    private final Reachability reachability;

    PositionRequests(PositionLookups lookups, Questions questions, Reachability reachability) {
        this.lookups = lookups;
        this.questions = questions;
        this.reachability = reachability;
    }

    /** Sends the request if its leader can be reached; the partitions are then marked as asked about. */
    <A extends Answer> void send(Outbox outbox, Request<A> request, Set<TopicPartition> partitions, Reply<A> reply) {
        Readiness readiness = reachability.leaderReadiness(outbox, request.nodeId());
        RequestFailure failure = readiness.failure();
        if (failure != null && failure.isRefusal()) {
            questions.positionsUnattainable(partitions, failure.cause());
        } else if (readiness.isReady() && outbox.send(request, reply)) {
            lookups.asked(partitions);
        }
    }
}
