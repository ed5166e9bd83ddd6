package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.session.FetchAnswer;

/** A decoded response. Which kind of answer fits which request says {@link Request#answerType}. */
public interface Answer {
    /** How long the broker asks for silence on the connection, in milliseconds; 0 for none (KIP-219). */
    int throttleTimeMs();

    /** Releases the memory that the answer points into; does nothing for an answer that has been copied out of it. */
    default void release() {}

    /**
     * @param requestBytes bytes of the request on the wire, headers and length prefix included
     * @param responseBytes bytes of the response on the wire, headers and length prefix included
     */
    record Fetch(FetchAnswer answer, int requestBytes, int responseBytes) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }

        @Override
        public void release() {
            answer.lease().release();
        }
    }

    record Metadata(MetadataAnswer answer) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }
    }

    record ListOffsets(ListOffsetsAnswer answer) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }
    }

    record OffsetForLeaderEpoch(OffsetForLeaderEpochAnswer answer) implements Answer {
        @Override
        public int throttleTimeMs() {
            return answer.throttleTimeMs();
        }
    }
}
