package dev.surefoot.net;

import java.nio.channels.SelectionKey;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.PlaintextChannelBuilder;
import org.apache.kafka.common.network.PlaintextTransportLayer;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Where the channels to brokers come from: Kafka's own builders, except that a socket without TLS is read in pieces. TLS is read in
 * pieces anyhow, a record of at most 16 KiB at a time.
 */
final class Channels {
    private Channels() {}

    /** @throws org.apache.kafka.common.KafkaException if the security settings are wrong */
    static ChannelBuilder builder(AbstractConfig config, KafkaLogContext logContext) {
        SecurityProtocol protocol =
                SecurityProtocol.forName(config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
        return switch (protocol) {
            case PLAINTEXT -> configured(new Plain(KafkaTransport.maxResponseBytes(config)), config);
            case SASL_PLAINTEXT ->
                configured(
                        KafkaVersion.present()
                                .saslChannels(
                                        settings(config),
                                        config.getString(SaslConfigs.SASL_MECHANISM),
                                        KafkaTransport.maxResponseBytes(config),
                                        logContext),
                        config);
            case SSL, SASL_SSL -> KafkaVersion.present().channelBuilder(config, logContext);
        };
    }

    private static ChannelBuilder configured(ChannelBuilder builder, AbstractConfig config) {
        builder.configure(settings(config));
        return builder;
    }

    /** All that was configured, what only a plug-in knows included; the map notes what is read, for the report of unused keys. */
    @SuppressWarnings("unchecked") // a copy, made for whoever asks
    private static Map<String, ?> settings(AbstractConfig config) {
        Map<String, Object> settings = (Map<String, Object>) config.values();
        config.originals().forEach(settings::putIfAbsent);
        return settings;
    }

    private static final class Plain extends PlaintextChannelBuilder {
        private final int maxFrameBytes;

        Plain(int maxFrameBytes) {
            super(null);
            this.maxFrameBytes = maxFrameBytes;
        }

        @Override
        protected PlaintextTransportLayer buildTransportLayer(SelectionKey key) {
            return new FramedTransportLayer(key, maxFrameBytes);
        }
    }
}
