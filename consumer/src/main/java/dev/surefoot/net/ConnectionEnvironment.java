package dev.surefoot.net;

import dev.surefoot.wire.RequestEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import org.apache.kafka.common.network.KafkaChannel;
import org.apache.kafka.common.network.Selector;
import org.slf4j.Logger;

/**
 * What the connections of one transport share.
 *
 * @param outcomes receives the outcome of each request, until the loop takes it
 */
record ConnectionEnvironment(
        Selector selector,
        ConnectionSettings settings,
        RequestEncoder encoder,
        AnswerReader reader,
        HostLookups lookups,
        Queue<Outcome> outcomes,
        NodeMeters nodes,
        FailureLog failures,
        Logger log) {

    /**
     * Begins to connect; the selector reports the result.
     *
     * @throws IOException if the system refuses to begin
     */
    void open(String channelId, InetSocketAddress address) throws IOException {
        selector.connect(channelId, address, settings.sendBufferBytes(), settings.receiveBufferBytes());
    }

    /**
     * Closes a channel by a reset (RST), so that requests which have not reached the broker yet never will. After an
     * orderly close the system delivers them still, maybe after those that go over the next connection.
     */
    void reset(String channelId) {
        KafkaChannel channel = selector.channel(channelId);
        if (channel != null && channel.selectionKey().channel() instanceof SocketChannel socket) {
            try {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                log.debug("{} is closed already", channelId, e);
            }
        }
        selector.close(channelId);
    }
}
