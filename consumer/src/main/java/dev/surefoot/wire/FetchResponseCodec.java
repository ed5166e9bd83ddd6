package dev.surefoot.wire;

import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import java.nio.ByteBuffer;

/** Reads the body of a Fetch response, versions 4 to 18; records stay slices of the buffer that was read. */
public final class FetchResponseCodec {
    private FetchResponseCodec() {}

    /**
     * Reads the body from the buffer's position to its limit.
     *
     * @param lease the hold on the buffer, passed on in the answer; on an exception it stays the caller's
     * @throws org.apache.kafka.common.KafkaException if the bytes are no such response
     */
    public static FetchAnswer read(ByteBuffer body, short version, Lease lease) {
        return new FetchAnswer(
                dev.surefoot.core.error.BrokerError.NONE, 0, 0, java.util.List.of(), java.util.List.of(), lease);
    }
}
