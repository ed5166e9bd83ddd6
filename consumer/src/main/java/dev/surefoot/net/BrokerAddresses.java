package dev.surefoot.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.regex.Pattern;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a broker's host name, one for each attempt to connect. After the last one the name is resolved
 * again, as a broker may have moved. Addresses of both IP versions are tried: the resolver may name first the version
 * by which the host cannot be reached. Owned by the loop's thread.
 */
final class BrokerAddresses {
    private static final String BYTE = "([1-9]?\\d|1\\d\\d|2[0-4]\\d|25[0-5])";

    /** An IP address in place of a name: the JDK reads it without a name service. */
    private static final Pattern LITERAL = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE + "|.*:.*");

    private final Node node;
    private final HostLookups lookups;
    private final ArrayDeque<InetAddress> untried = new ArrayDeque<>();
    private boolean awaited;
    private @Nullable InetAddress last;
    private boolean avoidsLast;

    BrokerAddresses(Node node, HostLookups lookups) {
        this.node = node;
        this.lookups = lookups;
    }

    /** Returns the address to try next, or null if the name has to be resolved first; that begins. */
    @Nullable InetSocketAddress next() {
        if (untried.isEmpty()) {
            addLiteral();
        }
        InetAddress address = untried.poll();
        if (avoidsLast && address != null && address.equals(last) && !untried.isEmpty()) {
            address = untried.poll();
        }
        if (address == null) {
            lookups.start(node.host());
            awaited = true;
            return null;
        }
        avoidsLast = false;
        last = address;
        return new InetSocketAddress(address, node.port());
    }

    /** Has the next attempt pass over the address that was tried last, if the host has others. */
    void avoidLast() {
        avoidsLast = true;
    }

    private void addLiteral() {
        if (LITERAL.matcher(node.host()).matches()) {
            try {
                untried.add(InetAddress.getByName(node.host()));
            } catch (UnknownHostException e) {
                // The lookup, which is begun then, fails for the same reason and reports it.
                untried.clear();
            }
        }
    }

    /** Takes over what a lookup has found if one was begun here. A late answer serves the next attempt. */
    void resolved(HostLookups.Answer answer) {
        if (awaited) {
            awaited = false;
            untried.addAll(answer.addresses());
        }
    }

    /** Starts the list again from its first address, since the address that was tried last has worked. */
    void forgetTried() {
        untried.clear();
    }
}
