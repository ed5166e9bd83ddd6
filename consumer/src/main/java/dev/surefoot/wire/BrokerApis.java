package dev.surefoot.wire;

import dev.surefoot.core.engine.Answer;
import dev.surefoot.core.engine.Request;

/** Finds the API that a request belongs to. A kind of request without one does not compile. */
final class BrokerApis implements Request.Visitor<BrokerApis.Message<?, ?>> {
    private static final BrokerApis ALL = new BrokerApis();

    private final FetchApi fetch = new FetchApi();
    private final MetadataApi metadata = new MetadataApi();
    private final ListOffsetsApi listOffsets = new ListOffsetsApi();
    private final OffsetForLeaderEpochApi offsetForLeaderEpoch = new OffsetForLeaderEpochApi();

    private BrokerApis() {}

    /** A request with the API that it belongs to. */
    record Message<R extends Request<A>, A extends Answer>(BrokerApi<R, A> api, R request) {
        short version(NegotiatedVersions versions) {
            return api.version(request, versions);
        }

        RequestBody body(WireSettings settings, short version) {
            return api.body(request, settings, version);
        }
    }

    static Message<?, ?> of(Request<?> request) {
        return request.accept(ALL);
    }

    @Override
    public Message<?, ?> fetch(Request.Fetch request) {
        return new Message<>(fetch, request);
    }

    @Override
    public Message<?, ?> metadata(Request.Metadata request) {
        return new Message<>(metadata, request);
    }

    @Override
    public Message<?, ?> listOffsets(Request.ListOffsets request) {
        return new Message<>(listOffsets, request);
    }

    @Override
    public Message<?, ?> offsetForLeaderEpoch(Request.OffsetForLeaderEpoch request) {
        return new Message<>(offsetForLeaderEpoch, request);
    }
}
