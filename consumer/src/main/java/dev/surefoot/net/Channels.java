package dev.surefoot.net;

import java.nio.channels.SelectionKey;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.PlaintextChannelBuilder;
import org.apache.kafka.common.network.PlaintextTransportLayer;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Makes the channel builders: Kafka's own, except that a socket without TLS is read in pieces. TLS is read in records
 * of at most 16 KiB anyway, through a direct buffer of that size which the JDK keeps for the thread.
 */
final class Channels {
    /**
     * How far an answer may exceed the fetch limits of the configuration. A broker sends a first batch whole, however
     * large (KIP-74), and it accepts batches up to {@code socket.request.max.bytes}, 100 MiB by default. A larger
     * answer is no Kafka response, and no memory is allocated for it.
     */
    private static final int RESPONSE_HEADROOM_BYTES = 128 * 1024 * 1024;

    private Channels() {}

    /** Returns the largest size in bytes of an answer that is accepted. */
    static int maxResponseBytes(AbstractConfig config) {
        long limit = Math.max(
                config.getInt(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
                config.getInt(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG));
        return (int) Math.min(Integer.MAX_VALUE, limit + RESPONSE_HEADROOM_BYTES);
    }

    /** @throws org.apache.kafka.common.KafkaException if the security settings are wrong */
    static ChannelBuilder builder(AbstractConfig config, KafkaLogContext logContext, MemoryShare memory) {
        SecurityProtocol protocol =
                SecurityProtocol.forName(config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
        int maxFrameBytes = maxResponseBytes(config);
        return SecuritySettings.checked(config, () -> switch (protocol) {
            case PLAINTEXT -> configured(new Plain(new PlainSockets(maxFrameBytes, memory)), config);
            case SASL_PLAINTEXT ->
                configured(
                        KafkaVersion.present()
                                .saslChannels(
                                        settings(config),
                                        config.getString(SaslConfigs.SASL_MECHANISM),
                                        new PlainSockets(maxFrameBytes, memory),
                                        logContext),
                        config);
            case SSL, SASL_SSL -> KafkaVersion.present().channelBuilder(config, logContext);
        });
    }

    private static ChannelBuilder configured(ChannelBuilder builder, AbstractConfig config) {
        builder.configure(settings(config));
        return builder;
    }

    /**
     * Returns the whole configuration, keys that only a plug-in knows included. The map records which keys are read,
     * for the report of unused keys.
     */
    @SuppressWarnings("unchecked") // a copy, made for the caller
    private static Map<String, ?> settings(AbstractConfig config) {
        Map<String, Object> settings = (Map<String, Object>) config.values();
        config.originals().forEach(settings::putIfAbsent);
        return settings;
    }

    private static final class Plain extends PlaintextChannelBuilder {
        private final PlainSockets sockets;

        Plain(PlainSockets sockets) {
            super(null);
            this.sockets = sockets;
        }

        @Override
        protected PlaintextTransportLayer buildTransportLayer(SelectionKey key) {
            return sockets.of(key);
        }
    }
}
