package dev.surefoot.core.engine;

import dev.surefoot.core.engine.TelemetryExchange.TelemetryPushResponse;
import dev.surefoot.core.engine.TelemetryExchange.TelemetrySubscriptionResponse;
import dev.surefoot.core.exchange.RequestFailure;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What a client tells its cluster about itself (KIP-714): it asks a broker which metrics the cluster wants, and pushes
 * them. This part decides what is sent and when, {@link TelemetryExchange} to whom. A message that was taken is
 * answered or has failed before the next one is taken. Called on the loop's thread.
 */
public interface Telemetry {
    /** Returns the nanoseconds until a message is due, 0 if one is due now, {@link Long#MAX_VALUE} if none will be. */
    long dueInNanos();

    /** Takes the message that is due; null if there is none after all. */
    @Nullable Message take();

    /** Takes the answer to an {@link Inquiry}. */
    void subscribed(TelemetrySubscriptionResponse response);

    /** Takes the answer to a {@link Push}. */
    void pushed(TelemetryPushResponse response);

    /** Ends a message that has no answer. */
    void failed(Message message, RequestFailure failure);

    /** Ends the telemetry; returns the last message, or null if the cluster wants none. Nothing may be called later. */
    @Nullable Push end();

    /** A message to a broker. */
    sealed interface Message {
        <R> R accept(Visitor<R> visitor);

        /** Something for each kind of message. */
        interface Visitor<R> {
            R inquiry(Inquiry inquiry);

            R push(Push push);
        }
    }

    /**
     * A question for the wanted metrics.
     *
     * @param clientInstanceId the id that the cluster has given to this client; zero if it has given none
     */
    record Inquiry(Uuid clientInstanceId) implements Message {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.inquiry(this);
        }
    }

    /**
     * The metrics.
     *
     * @param clientInstanceId the id that the cluster has given to this client
     * @param subscriptionId the id of what the cluster wants
     * @param terminating whether this is the last push
     * @param compressionType the id of the codec by which the metrics are compressed
     * @param metrics the values in the format of OpenTelemetry; position to limit
     */
    record Push(
            Uuid clientInstanceId, int subscriptionId, boolean terminating, byte compressionType, ByteBuffer metrics)
            implements Message {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.push(this);
        }
    }
}
