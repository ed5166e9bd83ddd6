package dev.surefoot.wire;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Answers of a broker, written by Kafka's own classes and read by ours. */
final class WrittenAnswer {
    static final String BROKER = "broker 3 at b:9092";

    private WrittenAnswer() {}

    static Answer read(Request<?> request, ApiKeys api, int version, ApiMessage message) {
        return read(request, api, version, frame(api, (short) version, message));
    }

    static Answer read(Request<?> request, ApiKeys api, int version, ByteBuffer frame) {
        EncodedRequest encoded = new EncodedRequest(api, (short) version, 7, ByteBuffer.allocate(0), 0);
        return ResponseDecoder.decode(request, encoded, frame, Lease.NONE, BROKER);
    }

    static ByteBuffer frame(ApiKeys api, short version, ApiMessage message) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(7);
        short headerVersion = api.responseHeaderVersion(version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer frame = ByteBuffer.allocate(header.size(cache, headerVersion) + message.size(cache, version));
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        message.write(new ByteBufferAccessor(frame), cache, version);
        return frame.flip();
    }

    static int throttle(int version, int firstWithThrottle) {
        return version < firstWithThrottle ? 0 : 9;
    }
}
