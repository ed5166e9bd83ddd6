package dev.surefoot.net;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.apache.kafka.common.network.ChannelMetadataRegistry;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.SaslChannelBuilder;
import org.apache.kafka.common.network.TransportLayer;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * Channels with SASL and without TLS, read in pieces. It is compiled against the newest kafka-clients, and
 * {@link KafkaVersion} replaces the name of {@code LogContext} in it. So only that class makes it, and it may name no
 * other class that differs between versions.
 */
final class PiecewiseSaslChannels extends SaslChannelBuilder {
    private final PlainSockets sockets;

    /** The arguments that are null here are for brokers only. */
    PiecewiseSaslChannels(Map<String, ?> settings, String mechanism, PlainSockets sockets, LogContext logContext) {
        super(
                ConnectionMode.CLIENT,
                Map.of(mechanism, JaasContext.loadClientContext(settings)),
                SecurityProtocol.SASL_PLAINTEXT,
                null,
                false,
                mechanism,
                null,
                null,
                null,
                Time.SYSTEM,
                logContext,
                null);
        this.sockets = sockets;
    }

    @Override
    protected TransportLayer buildTransportLayer(
            String id, SelectionKey key, SocketChannel channel, ChannelMetadataRegistry registry) {
        return sockets.of(key);
    }
}
