package dev.surefoot.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.kafka.common.Node;

/**
 * The addresses behind a broker's host name, one for each attempt to connect. When all have been tried the name is
 * resolved anew, as a broker may have moved. All addresses get their turn, of whatever IP version: a host that is
 * reachable by one version only would otherwise never be reached when the resolver names the other first.
 */
final class BrokerAddresses {
    /** Turns a host name into addresses; the system's resolver outside of tests. */
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

    /** The address to try next. Blocks while the name is resolved. */
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

    /** Takes up the list anew from its start: the address that was tried last is good. */
    void forgetTried() {
        untried.clear();
    }
}
