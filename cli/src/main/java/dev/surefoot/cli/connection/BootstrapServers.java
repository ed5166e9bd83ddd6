package dev.surefoot.cli.connection;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Notices;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The brokers of {@code --bootstrap-server}, checked before a client is opened, whose error message would say less. */
public record BootstrapServers(String text, List<Server> servers) {

    /** The form that kafka-clients accepts: a listener's name (optional), a host (in brackets or not), and a port. */
    private static final Pattern SERVER = Pattern.compile("(?:[\\w.%-]*://)?(\\[.*]|.*?):(\\d+)");

    private static final int PORT_MAX = 65_535;

    /** Finds the addresses of a host; {@link InetAddress#getAllByName} except in tests. */
    @FunctionalInterface
    public interface Resolver {

        /** Returns the addresses of a host; there is at least one. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** One broker: the user's text, and the host in it. */
    public record Server(String text, String host) {}

    /** Reads the option's value. */
    public static BootstrapServers parse(String text) {
        List<Server> servers = Stream.of(text.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .map(BootstrapServers::server)
                .toList();
        if (servers.isEmpty()) {
            throw CommandFailure.wrongUsage("--bootstrap-server names no broker; give HOST:PORT");
        }
        return new BootstrapServers(text, servers);
    }

    /**
     * Adds a notice for each host that has no address.
     *
     * @throws CommandFailure if none has one
     */
    public void resolve(Resolver resolver, Notices notices) {
        List<String> unknown = new ArrayList<>();
        for (String host : servers.stream().map(Server::host).distinct().toList()) {
            try {
                resolver.resolve(host);
            } catch (UnknownHostException e) {
                unknown.add(host);
            }
        }
        String hosts = unknown.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", "));
        if (servers.stream().allMatch(each -> unknown.contains(each.host()))) {
            throw CommandFailure.atRunTime("--bootstrap-server " + text + ": the host " + hosts
                    + " is not known here (its name cannot be resolved); check the name and this machine's DNS");
        }
        if (!unknown.isEmpty()) {
            notices.print("--bootstrap-server: the host " + hosts
                    + " is not known here (its name cannot be resolved); going on with the others");
        }
    }

    private static Server server(String text) {
        Matcher matcher = SERVER.matcher(text);
        if (!matcher.matches() || matcher.group(1).isEmpty()) {
            throw CommandFailure.wrongUsage(
                    "--bootstrap-server: '" + text + "' is not HOST:PORT, such as localhost:9092" + " or [::1]:9092");
        }
        String host = matcher.group(1);
        if (host.indexOf(':') >= 0) {
            refuseUnlessAddress(host, text);
        }
        String port = matcher.group(2);
        if (port.length() > 5 || Integer.parseInt(port) > PORT_MAX || Integer.parseInt(port) == 0) {
            throw CommandFailure.wrongUsage(
                    "--bootstrap-server: the port of '" + text + "' is not between 1 and " + PORT_MAX);
        }
        return new Server(text, host);
    }

    /** A host with a colon is an IPv6 address or a mistake; the check asks no name server. */
    private static void refuseUnlessAddress(String host, String text) {
        try {
            InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw CommandFailure.wrongUsage(
                    "--bootstrap-server: '" + text + "' is not HOST:PORT; write an IPv6 address in brackets, as in"
                            + " [::1]:9092",
                    e);
        }
    }
}
