package dev.surefoot.net;

import dev.surefoot.core.engine.BrokerLink.Purpose;
import dev.surefoot.core.engine.Request;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * What all connections of one transport share, from the standard configuration.
 *
 * @param requestTimeoutNanos {@code request.timeout.ms}: how long an answer may take once the broker may give it
 * @param fetchMaxWaitNanos {@code fetch.max.wait.ms}: how long a broker may hold a fetch back before that
 * @param maxIdleNanos {@code connections.max.idle.ms}, or {@link Deadline#NEVER}
 * @param setupTimeout how long making a TCP connection may take
 * @param reconnectBackoff how long to wait after a failure
 * @param sendBufferBytes {@code send.buffer.bytes}, -1 for the system's default
 * @param receiveBufferBytes {@code receive.buffer.bytes}, -1 for the system's default
 * @param securityProtocol {@code security.protocol}, for messages
 */
record ConnectionSettings(
        long requestTimeoutNanos,
        long fetchMaxWaitNanos,
        long maxIdleNanos,
        ReconnectBackoff setupTimeout,
        ReconnectBackoff reconnectBackoff,
        int sendBufferBytes,
        int receiveBufferBytes,
        String securityProtocol) {

    static ConnectionSettings from(AbstractConfig config, SplittableRandom random) {
        return new ConnectionSettings(
                TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG)),
                TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG)),
                IdleWatch.nanos(config.getLong(ConsumerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG)),
                new ReconnectBackoff(
                        config.getLong(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG),
                        config.getLong(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG),
                        random),
                new ReconnectBackoff(
                        config.getLong(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG),
                        config.getLong(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG),
                        random),
                config.getInt(ConsumerConfig.SEND_BUFFER_CONFIG),
                config.getInt(ConsumerConfig.RECEIVE_BUFFER_CONFIG),
                config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
    }

    /** How long the answer to this request may take. */
    long timeoutNanos(Request request) {
        boolean mayBeHeldBack = request.purpose() == Purpose.FETCH;
        return mayBeHeldBack ? requestTimeoutNanos + fetchMaxWaitNanos : requestTimeoutNanos;
    }
}
