package dev.surefoot.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A request as it is sent, and what is needed to read its answer.
 *
 * @param frame the whole frame, from its length prefix on; position to limit. Sending moves the position
 * @param bytes the frame's size, its length prefix included
 */
public record EncodedRequest(ApiKeys api, short version, int correlationId, ByteBuffer frame, int bytes) {

    /** Returns the API and version as words for a message. */
    public String describe() {
        return api.name + " v" + version;
    }
}
