package dev.surefoot.net;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.AbstractConfig;

/** Reads the brokers that a client begins with from the configuration. */
final class BootstrapNodes {
    private BootstrapNodes() {}

    /**
     * Returns the bootstrap servers under the node ids -1, -2 and so on. Blocks while their names are checked.
     *
     * @throws org.apache.kafka.common.config.ConfigException if no server's name can be resolved
     */
    static Map<Integer, Node> from(AbstractConfig config) {
        List<InetSocketAddress> addresses = ClientUtils.parseAndValidateAddresses(
                config.getList(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG),
                config.getString(ConsumerConfig.CLIENT_DNS_LOOKUP_CONFIG));
        Map<Integer, Node> nodes = new LinkedHashMap<>();
        for (InetSocketAddress address : addresses) {
            int id = -1 - nodes.size();
            nodes.put(id, new Node(id, address.getHostString(), address.getPort()));
        }
        return nodes;
    }
}
