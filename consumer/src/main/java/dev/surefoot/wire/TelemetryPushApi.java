package dev.surefoot.wire;

import dev.surefoot.core.engine.Telemetry.Push;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushResponse;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** PushTelemetry (KIP-714). */
final class TelemetryPushApi implements BrokerApi<TelemetryPushRequest, TelemetryPushResponse> {
    @Override
    public ApiKeys key() {
        return ApiKeys.PUSH_TELEMETRY;
    }

    @Override
    public short version(TelemetryPushRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.PUSH_TELEMETRY);
    }

    @Override
    public RequestBody body(TelemetryPushRequest request, WireSettings settings, short version) {
        Push push = request.push();
        return RequestBody.of(
                new PushTelemetryRequestData()
                        .setClientInstanceId(push.clientInstanceId())
                        .setSubscriptionId(push.subscriptionId())
                        .setTerminating(push.terminating())
                        .setCompressionType(push.compressionType())
                        .setMetrics(push.metrics()),
                version);
    }

    @Override
    public TelemetryPushResponse read(TelemetryPushRequest request, Response response) {
        PushTelemetryResponseData data = new PushTelemetryResponseData(response.readable(), response.version());
        return new TelemetryPushResponse(data.throttleTimeMs(), data.errorCode());
    }
}
