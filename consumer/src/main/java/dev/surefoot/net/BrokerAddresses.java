package dev.surefoot.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.kafka.common.Node;

/**
 * The addresses of a broker's host name, one for each attempt to connect. After the last one the name is resolved
 * again, as a broker may have moved. Addresses of both IP versions are tried: the resolver may name first the version
 * by which the host cannot be reached. Owned by the loop's thread.
 */
final class BrokerAddresses {
    /** Resolves a host name; the system's resolver except in tests. */
    interface Resolver {
        Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    private final Node node;
    private final Resolver resolver;
    private final ArrayDeque<InetAddress> untried = new ArrayDeque<>();

    BrokerAddresses(Node node, Resolver resolver) {
        this.node = node;
        this.resolver = resolver;
    }

    /** Returns the address to try next. Blocks while the name is resolved. */
    InetSocketAddress next() throws UnknownHostException {
        if (untried.isEmpty()) {
            untried.addAll(resolver.resolve(node.host()));
        }
        InetAddress address = untried.poll();
        if (address == null) {
            throw new UnknownHostException(node.host() + ": the resolver knows no address");
        }
        return new InetSocketAddress(address, node.port());
    }

    /** Starts the list again from its first address, since the address that was tried last has worked. */
    void forgetTried() {
        untried.clear();
    }
}
