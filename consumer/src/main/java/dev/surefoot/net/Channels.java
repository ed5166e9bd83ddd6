package dev.surefoot.net;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.ChannelMetadataRegistry;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.PlaintextChannelBuilder;
import org.apache.kafka.common.network.PlaintextTransportLayer;
import org.apache.kafka.common.network.SaslChannelBuilder;
import org.apache.kafka.common.network.TransportLayer;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Where the channels to brokers come from: Kafka's own builders, except that a socket without TLS is read in pieces. TLS is read in
 * pieces anyhow, a record of at most 16 KiB at a time.
 */
final class Channels {
    private Channels() {}

    /** @throws org.apache.kafka.common.KafkaException if the security settings are wrong */
    static ChannelBuilder builder(AbstractConfig config, LogContext logContext) {
        SecurityProtocol protocol =
                SecurityProtocol.forName(config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
        return SecuritySettings.checked(config, () -> switch (protocol) {
            case PLAINTEXT -> configured(new Plain(), config);
            case SASL_PLAINTEXT -> configured(new Sasl(config, logContext), config);
            case SSL, SASL_SSL -> ClientUtils.createChannelBuilder(config, Time.SYSTEM, logContext);
        });
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
        Plain() {
            super(null);
        }

        @Override
        protected PlaintextTransportLayer buildTransportLayer(SelectionKey key) {
            return new PiecewiseTransportLayer(key);
        }
    }

    private static final class Sasl extends SaslChannelBuilder {
        Sasl(AbstractConfig config, LogContext logContext) {
            this(config, config.getString(SaslConfigs.SASL_MECHANISM), logContext);
        }

        /** What is null here is for brokers only. */
        private Sasl(AbstractConfig config, String mechanism, LogContext logContext) {
            super(
                    ConnectionMode.CLIENT,
                    Map.of(mechanism, JaasContext.loadClientContext(settings(config))),
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
        }

        @Override
        protected TransportLayer buildTransportLayer(
                String id, SelectionKey key, SocketChannel channel, ChannelMetadataRegistry registry) {
            return new PiecewiseTransportLayer(key);
        }
    }
}
