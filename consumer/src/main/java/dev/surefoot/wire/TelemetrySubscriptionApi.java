package dev.surefoot.wire;

import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionResponse;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** GetTelemetrySubscriptions (KIP-714). Only brokers with a plug-in that receives telemetry offer it. */
final class TelemetrySubscriptionApi implements BrokerApi<TelemetrySubscriptionRequest, TelemetrySubscriptionResponse> {
    @Override
    public ApiKeys key() {
        return ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS;
    }

    @Override
    public short version(TelemetrySubscriptionRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS);
    }

    @Override
    public RequestBody body(TelemetrySubscriptionRequest request, WireSettings settings, short version) {
        return RequestBody.of(
                new GetTelemetrySubscriptionsRequestData().setClientInstanceId(request.clientInstanceId()), version);
    }

    @Override
    public TelemetrySubscriptionResponse read(TelemetrySubscriptionRequest request, Response response) {
        GetTelemetrySubscriptionsResponseData data =
                new GetTelemetrySubscriptionsResponseData(response.readable(), response.version());
        return new TelemetrySubscriptionResponse(
                data.throttleTimeMs(),
                data.errorCode(),
                data.clientInstanceId(),
                data.subscriptionId(),
                data.acceptedCompressionTypes(),
                data.pushIntervalMs(),
                data.telemetryMaxBytes(),
                data.deltaTemporality(),
                data.requestedMetrics());
    }
}
