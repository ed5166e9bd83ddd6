package dev.surefoot.runtime;

import dev.surefoot.core.group.Membership;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.net.Transport;
import java.util.function.UnaryOperator;

/**
 * The points at which other parts take the place of shipped ones: a simulated or faulty transport, a flawed fetch
 * session or membership, threads. For tests and the simulator; programs do not need it.
 *
 * @param transport receives the transport to real brokers and returns the one to use
 * @param sessions receives the factory of verified sessions and returns the one to use
 * @param memberships receives the factory of memberships in groups and returns the one to use
 * @param threads who turns the loop, and how the application waits
 */
public record Seams(
        UnaryOperator<Transport> transport,
        UnaryOperator<FetchSession.Factory> sessions,
        UnaryOperator<Membership.Factory> memberships,
        Threads threads) {
    /** The shipped parts. */
    public static final Seams NONE = new Seams(UnaryOperator.identity(), UnaryOperator.identity(), Threads.REAL);

    /**
     * Makes seams with the shipped memberships.
     *
     * @param transport receives the transport to real brokers and returns the one to use
     * @param sessions receives the factory of verified sessions and returns the one to use
     * @param threads who turns the loop, and how the application waits
     */
    public Seams(UnaryOperator<Transport> transport, UnaryOperator<FetchSession.Factory> sessions, Threads threads) {
        this(transport, sessions, UnaryOperator.identity(), threads);
    }

    /**
     * Makes seams with the shipped memberships and threads.
     *
     * @param transport receives the transport to real brokers and returns the one to use
     * @param sessions receives the factory of verified sessions and returns the one to use
     */
    public Seams(UnaryOperator<Transport> transport, UnaryOperator<FetchSession.Factory> sessions) {
        this(transport, sessions, Threads.REAL);
    }

    /** Returns these seams with other threads. */
    public Seams with(Threads others) {
        return new Seams(transport, sessions, others);
    }
}
