package dev.surefoot.wire;

import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsResponse;
import dev.surefoot.core.records.Lease;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Fetch, to learn whether there are records. It names no rack, so that a leader answers by itself (KIP-392). Nothing of
 * the answer is kept.
 */
final class RemainingRecordsApi implements BrokerApi<RemainingRecordsRequest, RemainingRecordsResponse> {
    @Override
    public ApiKeys key() {
        return ApiKeys.FETCH;
    }

    @Override
    public short version(RemainingRecordsRequest request, NegotiatedVersions versions) {
        return versions.fetch(request.plan().byTopicId());
    }

    @Override
    public RequestBody body(RemainingRecordsRequest request, WireSettings settings, short version) {
        return FetchApi.body(
                request.plan(), request.maxBytes(), settings.fetch().withoutRack(), version);
    }

    @Override
    public RemainingRecordsResponse read(RemainingRecordsRequest request, Response response) {
        return RemainingRecordsResponse.of(
                request, FetchResponseCodec.read(response.body(), response.version(), Lease.NONE));
    }
}
