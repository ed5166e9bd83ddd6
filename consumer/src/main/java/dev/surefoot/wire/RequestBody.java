package dev.surefoot.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** The body of a request in one version, written behind its header. */
interface RequestBody {
    /** Returns the number of bytes that {@link #write} needs. */
    int bytes();

    /** Writes the body at the buffer's position and moves the position behind it. */
    void write(ByteBuffer frame);

    /** Returns the body that one of Kafka's generated messages writes. */
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
