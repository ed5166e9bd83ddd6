package dev.surefoot.wire;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.session.FetchPlan;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;

/** Fetch, with a codec of its own: records stay in the buffer that they were received in, and nothing is copied. */
final class FetchApi implements BrokerApi<FetchRequest, FetchResponse> {
    @Override
    public ApiKeys key() {
        return ApiKeys.FETCH;
    }

    @Override
    public short version(FetchRequest request, NegotiatedVersions versions) {
        return versions.fetch(request.plan().byTopicId());
    }

    @Override
    public RequestBody body(FetchRequest request, WireSettings settings, short version) {
        FetchSettings fetch =
                request.namesRack() ? settings.fetch() : settings.fetch().withoutRack();
        return body(request.plan(), request.maxBytes(), fetch, version);
    }

    /** The body for a plan, to which the answer has this many bytes of records at most. */
    static RequestBody body(FetchPlan plan, int maxBytes, FetchSettings settings, short version) {
        int bytes = FetchRequestCodec.size(plan, settings, version);
        return new RequestBody() {
            @Override
            public int bytes() {
                return bytes;
            }

            @Override
            public void write(ByteBuffer frame) {
                FetchRequestCodec.write(plan, maxBytes, settings, version, frame);
            }
        };
    }

    @Override
    public FetchResponse read(FetchRequest request, Response response) {
        return new FetchResponse(
                FetchResponseCodec.read(response.body(), response.version(), response.lease()),
                response.request().bytes(),
                response.bytes());
    }
}
