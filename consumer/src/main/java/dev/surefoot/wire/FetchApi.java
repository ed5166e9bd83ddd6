package dev.surefoot.wire;

import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Request;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;

/** Fetch, with a codec of its own: records stay in the buffer that they were received in, and nothing is copied. */
final class FetchApi implements BrokerApi<Request.Fetch, Answer.Fetch> {
    @Override
    public ApiKeys key() {
        return ApiKeys.FETCH;
    }

    @Override
    public short version(Request.Fetch request, NegotiatedVersions versions) {
        return versions.fetch(request.plan().byTopicId());
    }

    @Override
    public RequestBody body(Request.Fetch request, WireSettings settings, short version) {
        int bytes = FetchRequestCodec.size(request.plan(), settings.fetch(), version);
        return new RequestBody() {
            @Override
            public int bytes() {
                return bytes;
            }

            @Override
            public void write(ByteBuffer frame) {
                FetchRequestCodec.write(request.plan(), request.maxBytes(), settings.fetch(), version, frame);
            }
        };
    }

    @Override
    public Answer.Fetch read(Response response) {
        return new Answer.Fetch(
                FetchResponseCodec.read(response.body(), response.version(), response.lease()),
                response.request().bytes(),
                response.bytes());
    }
}
