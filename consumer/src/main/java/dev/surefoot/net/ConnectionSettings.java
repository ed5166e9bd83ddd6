package dev.surefoot.net;

import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * The settings that all connections of one transport share, from the standard configuration.
 *
 * @param requestTimeoutNanos {@code request.timeout.ms}: the limit for authentication and for the ApiVersions answer;
 *     other requests have their own limits
 * @param maxIdleNanos {@code connections.max.idle.ms}, or {@link Deadline#NEVER}
 * @param setupTimeout how long a TCP connection may take to be established; grows with each attempt in a row (KIP-601)
 * @param reconnectBackoff how long to wait after each failure in a row (KIP-144)
 * @param sendBufferBytes {@code send.buffer.bytes}, -1 for the system's default
 * @param receiveBufferBytes {@code receive.buffer.bytes}, -1 for the system's default
 * @param securityProtocol {@code security.protocol}, for messages
 */
record ConnectionSettings(
        long requestTimeoutNanos,
        long maxIdleNanos,
        Backoff setupTimeout,
        Backoff reconnectBackoff,
        int sendBufferBytes,
        int receiveBufferBytes,
        String securityProtocol) {

    static ConnectionSettings from(AbstractConfig config, SplittableRandom random) {
        return new ConnectionSettings(
                TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG)),
                IdleWatch.nanos(config.getLong(ConsumerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG)),
                backoff(
                        config,
                        ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG,
                        ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG,
                        random),
                backoff(
                        config,
                        ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG,
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        random),
                config.getInt(ConsumerConfig.SEND_BUFFER_CONFIG),
                config.getInt(ConsumerConfig.RECEIVE_BUFFER_CONFIG),
                config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
    }

    private static Backoff backoff(
            AbstractConfig config, String initialMsKey, String maxMsKey, SplittableRandom random) {
        return new Backoff(
                TimeUnit.MILLISECONDS.toNanos(config.getLong(initialMsKey)),
                TimeUnit.MILLISECONDS.toNanos(config.getLong(maxMsKey)),
                random);
    }
}
