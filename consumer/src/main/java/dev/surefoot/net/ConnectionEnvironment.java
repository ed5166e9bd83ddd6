package dev.surefoot.net;

import dev.surefoot.wire.RequestEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Queue;
import org.apache.kafka.common.network.Selector;
import org.slf4j.Logger;

/**
 * What the connections of one transport work with and share.
 *
 * @param outcomes where the end of each request goes, until the loop comes for it
 */
record ConnectionEnvironment(
        Selector selector,
        ConnectionSettings settings,
        RequestEncoder encoder,
        AnswerReader reader,
        BrokerAddresses.Resolver resolver,
        Queue<Outcome> outcomes,
        NodeMeters nodes,
        FailureLog failures,
        Logger log) {

    /**
     * Begins to make a connection; the selector says what became of it.
     *
     * @throws IOException if the system refuses to begin
     */
    void open(String channelId, InetSocketAddress address) throws IOException {
        selector.connect(channelId, address, settings.sendBufferBytes(), settings.receiveBufferBytes());
    }
}
