package dev.surefoot.runtime;

import dev.surefoot.core.session.FetchSession;
import dev.surefoot.net.Transport;
import java.util.function.UnaryOperator;

/**
 * Where something else can be put in front of, or in place of, the shipped parts: a simulated or faulty transport, a
 * museum piece of a fetch session. Programs have no use for it.
 *
 * @param transport gets the transport to real brokers and gives the one to use
 * @param sessions gets the maker of verified sessions and gives the one to use
 * @param threads who turns the loop, and how the application waits
 */
public record Seams(UnaryOperator<Transport> transport, UnaryOperator<FetchSession.Factory> sessions, Threads threads) {
    /** Everything as shipped. */
    public static final Seams NONE = new Seams(UnaryOperator.identity(), UnaryOperator.identity(), Threads.REAL);

    /** Real threads, and something else at the other two seams. */
    public Seams(UnaryOperator<Transport> transport, UnaryOperator<FetchSession.Factory> sessions) {
        this(transport, sessions, Threads.REAL);
    }
}
