package dev.surefoot.net;

import dev.surefoot.wire.RequestEncoder;
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
        BrokerAddresses.Resolver resolver,
        Queue<Outcome> outcomes,
        Traffic traffic,
        NodeMeters nodes,
        FailureLog failures,
        Logger log) {}
