package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.engine.Telemetry.Push;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushResponse;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionRequest;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionResponse;
import dev.surefoot.core.exchange.Request;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

/** The requests are read back by Kafka's own classes as a broker would, the answers are written by them. */
class TelemetryMessagesTest {
    private static final Uuid ID = new Uuid(1, 2);

    private final RequestEncoder encoder = new RequestEncoder("me", new FetchSettings(500, 1, false, "rack"), 30_000);

    private EncodedRequest encoded(ApiKeys api, Request<?> request) {
        return encoder.encode(request, NegotiatedVersionsTest.broker(api, 0, 9), 77);
    }

    private static ByteBufferAccessor body(EncodedRequest encoded) {
        ByteBuffer frame = encoded.frame().duplicate();
        frame.getInt();
        RequestHeader.parse(frame);
        return new ByteBufferAccessor(frame);
    }

    @Test
    void aClientNamesItselfWhenItAsksWhatIsWanted() {
        EncodedRequest encoded =
                encoded(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, new TelemetrySubscriptionRequest(7, ID, 1));
        assertThat(encoded.version()).isZero();
        assertThat(new GetTelemetrySubscriptionsRequestData(body(encoded), encoded.version()))
                .isEqualTo(new GetTelemetrySubscriptionsRequestData().setClientInstanceId(ID));
    }

    @Test
    void everythingThatIsWantedIsRead() {
        GetTelemetrySubscriptionsResponseData data = new GetTelemetrySubscriptionsResponseData()
                .setThrottleTimeMs(1)
                .setErrorCode((short) 2)
                .setClientInstanceId(ID)
                .setSubscriptionId(3)
                .setAcceptedCompressionTypes(List.of((byte) 4, (byte) 1))
                .setPushIntervalMs(5)
                .setTelemetryMaxBytes(6)
                .setDeltaTemporality(true)
                .setRequestedMetrics(List.of("org.apache.kafka."));
        TelemetrySubscriptionRequest request = new TelemetrySubscriptionRequest(7, ID, 1);

        assertThat(WrittenAnswer.read(request, ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, 0, data))
                .isEqualTo(new TelemetrySubscriptionResponse(
                        1, (short) 2, ID, 3, List.of((byte) 4, (byte) 1), 5, 6, true, List.of("org.apache.kafka.")));
    }

    @Test
    void aPushBringsTheMetricsAsTheyAre() {
        ByteBuffer metrics = ByteBuffer.wrap(new byte[] {1, 2, 3});
        Push push = new Push(ID, 3, true, (byte) 4, metrics);
        EncodedRequest encoded = encoded(ApiKeys.PUSH_TELEMETRY, new TelemetryPushRequest(7, push, 1));

        assertThat(new PushTelemetryRequestData(body(encoded), encoded.version()))
                .isEqualTo(new PushTelemetryRequestData()
                        .setClientInstanceId(ID)
                        .setSubscriptionId(3)
                        .setTerminating(true)
                        .setCompressionType((byte) 4)
                        .setMetrics(metrics));
        assertThat(metrics.remaining()).as("for another attempt").isEqualTo(3);
    }

    @Test
    void theAnswerToAPushIsRead() {
        TelemetryPushRequest request =
                new TelemetryPushRequest(7, new Push(ID, 3, false, (byte) 0, ByteBuffer.allocate(0)), 1);
        PushTelemetryResponseData data =
                new PushTelemetryResponseData().setThrottleTimeMs(1).setErrorCode((short) 2);

        assertThat(WrittenAnswer.read(request, ApiKeys.PUSH_TELEMETRY, 0, data))
                .isEqualTo(new TelemetryPushResponse(1, (short) 2));
    }

    @Test
    void aBrokerWithoutAReceiverOffersNeither() {
        assertThatThrownBy(() -> encoded(ApiKeys.METADATA, new TelemetrySubscriptionRequest(7, ID, 1)))
                .isInstanceOf(UnsupportedVersionException.class);
    }
}
