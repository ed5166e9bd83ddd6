package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.session.FetchAnswer;

/** A decoded response, of the kind that fits its {@link Request}. */
public sealed interface Answer {
    /**
     * @param requestBytes bytes of the request on the wire, headers and length prefix included
     * @param responseBytes bytes of the response on the wire, headers and length prefix included
     */
    record Fetch(FetchAnswer answer, int requestBytes, int responseBytes) implements Answer {}

    record Metadata(MetadataAnswer answer) implements Answer {}

    record ListOffsets(ListOffsetsAnswer answer) implements Answer {}

    record OffsetForLeaderEpoch(OffsetForLeaderEpochAnswer answer) implements Answer {}
}
