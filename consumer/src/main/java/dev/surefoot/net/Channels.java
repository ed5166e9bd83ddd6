package dev.surefoot.net;

import java.nio.channels.SelectionKey;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.PlaintextChannelBuilder;
import org.apache.kafka.common.network.PlaintextTransportLayer;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/** Where the channels to brokers come from: Kafka's own builders, except that a plain socket is read in pieces. */
final class Channels {
    private Channels() {}

    /** @throws org.apache.kafka.common.KafkaException if the security settings are wrong */
    static ChannelBuilder builder(AbstractConfig config, LogContext logContext) {
        String protocol = config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        if (SecurityProtocol.forName(protocol) != SecurityProtocol.PLAINTEXT) {
            return ClientUtils.createChannelBuilder(config, Time.SYSTEM, logContext);
        }
        PlaintextChannelBuilder builder = new PiecewiseChannelBuilder();
        builder.configure(config.values());
        return builder;
    }

    private static final class PiecewiseChannelBuilder extends PlaintextChannelBuilder {
        PiecewiseChannelBuilder() {
            super(null);
        }

        @Override
        protected PlaintextTransportLayer buildTransportLayer(SelectionKey key) {
            return new PiecewiseTransportLayer(key);
        }
    }
}
