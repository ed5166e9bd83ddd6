package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.BrokerLink.Purpose;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.session.FetchPlan;

/** A request for one broker, as the engine wants it sent. Each one ends in exactly one of: an answer, a failure, not sent. */
public sealed interface Request {

    /** The broker it is for. Bootstrap brokers, whose ids are not known yet, have ids below zero. */
    int nodeId();

    /**
     * Which connection it goes over. What closes a session is not a fetch that waits for data, nor must it wait behind one; a
     * session is not bound to a connection (KIP-227).
     */
    default Purpose purpose() {
        return this instanceof Fetch fetch && fetch.plan().kind() != FetchPlan.Kind.CLOSE
                ? Purpose.FETCH
                : Purpose.CONTROL;
    }

    /**
     * A fetch within a session.
     *
     * @param maxBytes most bytes the whole answer may hold; reserved in the byte budget before the request leaves
     */
    record Fetch(int nodeId, FetchPlan plan, int maxBytes) implements Request {}

    /** What brokers, topics and leaders there are. */
    record Metadata(int nodeId, MetadataQuery query) implements Request {}

    /** Offsets by timestamp. */
    record ListOffsets(int nodeId, ListOffsetsQuery query) implements Request {}

    /** End offsets of leader epochs. */
    record OffsetForLeaderEpoch(int nodeId, OffsetForLeaderEpochQuery query) implements Request {}
}
