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

/** Sends look-ups of positions, of either API, to their leaders. Owned by the loop's thread. */
final class PositionRequests {
    private final PositionLookups lookups;
    private final Questions questions;
    private final Reachability reachability;

    PositionRequests(PositionLookups lookups, Questions questions, Reachability reachability) {
        this.lookups = lookups;
        this.questions = questions;
        this.reachability = reachability;
    }

    /** Sends the request if its leader is ready, and then marks the look-ups of its partitions as outstanding. */
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
