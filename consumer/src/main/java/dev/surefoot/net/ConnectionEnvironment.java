package dev.surefoot.net;

import dev.surefoot.wire.RequestEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Queue;
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
}
