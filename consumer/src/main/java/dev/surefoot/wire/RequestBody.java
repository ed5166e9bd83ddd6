package dev.surefoot.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** The body of a request in one version, to be written behind its header. */
interface RequestBody {
    /** Bytes that {@link #write} will need. */
    int bytes();

    /** Writes the body at the buffer's position and moves it behind. */
    void write(ByteBuffer frame);

    /** The body that one of Kafka's generated messages makes. */
    static RequestBody of(ApiMessage message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int bytes = message.size(cache, version);
        return new RequestBody() {
            @Override
            public int bytes() {
                return bytes;
            }

            @Override
            public void write(ByteBuffer frame) {
                message.write(new ByteBufferAccessor(frame), cache, version);
            }
        };
    }
}
