package dev.surefoot.wire;

import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * A response whose header was read.
 *
 * @param request the request that it answers
 * @param body what follows the header; position to limit
 * @param bytes its size on the wire, header and length prefix included
 * @param lease the hold on the body's memory
 */
record Response(EncodedRequest request, ByteBuffer body, int bytes, Lease lease) {
    /** The version of its body. */
    short version() {
        return request.version();
    }

    /** Returns the body as Kafka's generated messages read it. */
    ByteBufferAccessor readable() {
        return new ByteBufferAccessor(body);
    }
}
