package dev.surefoot.net;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * What all connections of one transport share, from the standard configuration.
 *
 * @param requestTimeoutNanos {@code request.timeout.ms}: how long an answer may take
 * @param setupTimeout how long making a TCP connection may take
 * @param reconnectBackoff how long to wait after a failure
 * @param sendBufferBytes {@code send.buffer.bytes}, -1 for the system's default
 * @param receiveBufferBytes {@code receive.buffer.bytes}, -1 for the system's default
 */
record ConnectionSettings(
        long requestTimeoutNanos,
        ReconnectBackoff setupTimeout,
        ReconnectBackoff reconnectBackoff,
        int sendBufferBytes,
        int receiveBufferBytes) {

    static ConnectionSettings from(AbstractConfig config, SplittableRandom random) {
        return new ConnectionSettings(
                TimeUnit.MILLISECONDS.toNanos(config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG)),
                new ReconnectBackoff(
                        config.getLong(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG),
                        config.getLong(ConsumerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG),
                        random),
                new ReconnectBackoff(
                        config.getLong(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG),
                        config.getLong(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG),
                        random),
                config.getInt(ConsumerConfig.SEND_BUFFER_CONFIG),
                config.getInt(ConsumerConfig.RECEIVE_BUFFER_CONFIG));
    }
}
