package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.position.EpochsQuery;
import dev.surefoot.core.position.OffsetsQuery;
import dev.surefoot.core.session.FetchPlan;

/** A request for one broker, as the engine wants it sent. Each one ends in exactly one of: an answer, a failure, not sent. */
public sealed interface Request {

    /** The broker it is for. Bootstrap brokers, whose ids are not known yet, have ids below zero. */
    int nodeId();

    /**
     * A fetch within a session.
     *
     * @param maxBytes most bytes the whole answer may hold; reserved in the byte budget before the request leaves
     */
    record Fetch(int nodeId, FetchPlan plan, int maxBytes) implements Request {}

    /** What brokers, topics and leaders there are. */
    record Metadata(int nodeId, MetadataQuery query) implements Request {}

    /** Offsets by timestamp. */
    record Offsets(int nodeId, OffsetsQuery query) implements Request {}

    /** End offsets of leader epochs. */
    record Epochs(int nodeId, EpochsQuery query) implements Request {}
}
