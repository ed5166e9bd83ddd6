package dev.surefoot.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Refuses security settings with which no connection can succeed, before one is tried: later the cause is hard to
 * distinguish from an unreachable broker. Every refusal names the keys.
 */
final class SecuritySettings {
    private SecuritySettings() {}

    /**
     * Makes a channel builder and checks the settings that Kafka's builders use with the first connection only.
     *
     * @throws KafkaException if the settings are wrong; a {@link ConfigException} if it is one key's value. The builder
     *     is closed before
     */
    static ChannelBuilder checked(AbstractConfig config, Supplier<ChannelBuilder> newBuilder) {
        SecurityProtocol protocol =
                SecurityProtocol.forName(config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
        ChannelBuilder builder = null;
        try {
            builder = newBuilder.get();
            // Checked last: making the builder has registered the providers of security.providers and of login modules.
            check(config, protocol);
            return builder;
        } catch (Exception | LinkageError e) { // the classes that a configuration names may throw anything
            if (builder != null) {
                builder.close();
            }
            throw refusal(config, protocol, e);
        }
    }

    private static void check(AbstractConfig config, SecurityProtocol protocol) {
        if (usesTls(protocol)) {
            TlsSettings.check(config);
        }
        if (usesSasl(protocol)) {
            SaslSettings.check(config);
        }
    }

    private static KafkaException refusal(AbstractConfig config, SecurityProtocol protocol, Throwable cause) {
        if (cause instanceof ConfigException named) {
            return named;
        }
        if (usesTls(protocol)) {
            try {
                TlsSettings.check(config);
            } catch (ConfigException named) {
                named.initCause(cause);
                return named;
            }
        }
        return new KafkaException(
                "No connection can be made with " + CommonClientConfigs.SECURITY_PROTOCOL_CONFIG + "=" + protocol.name
                        + (usesSasl(protocol) ? " and sasl.mechanism=" + mechanism(config) : "") + ": "
                        + messages(cause) + ". Check " + String.join(", ", keysToCheck(config, protocol)) + ".",
                cause);
    }

    private static String mechanism(AbstractConfig config) {
        return config.getString(SaslConfigs.SASL_MECHANISM);
    }

    private static boolean usesTls(SecurityProtocol protocol) {
        return protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
    }

    private static boolean usesSasl(SecurityProtocol protocol) {
        return protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL;
    }

    /** Joins the first line of each message from the outermost cause to the root; further lines are stack traces. */
    private static String messages(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null
                    ? cause.getClass().getName()
                    : cause.getMessage().lines().findFirst().orElse("");
            Throwable inner = cause.getCause();
            boolean repeats = inner != null
                    && inner.getMessage() != null
                    && message.endsWith(inner.getMessage().lines().findFirst().orElse(""));
            if (!repeats) {
                messages.add(message.endsWith(".") ? message.substring(0, message.length() - 1) : message);
            }
        }
        return String.join(": ", messages);
    }

    /** Returns the keys of the protocol that were given, and those that SASL requires. */
    private static Set<String> keysToCheck(AbstractConfig config, SecurityProtocol protocol) {
        Set<String> keys = new TreeSet<>();
        config.originals().keySet().stream()
                .filter(key -> (key.startsWith("ssl.") && usesTls(protocol))
                        || (key.startsWith("sasl.") && usesSasl(protocol)))
                .forEach(keys::add);
        if (usesSasl(protocol)) {
            keys.add(SaslConfigs.SASL_MECHANISM);
            keys.add(SaslConfigs.SASL_JAAS_CONFIG);
            if (SaslConfigs.GSSAPI_MECHANISM.equals(mechanism(config))) {
                keys.add(SaslConfigs.SASL_KERBEROS_SERVICE_NAME);
            }
        }
        if (keys.isEmpty()) {
            keys.add(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        }
        return keys;
    }
}
