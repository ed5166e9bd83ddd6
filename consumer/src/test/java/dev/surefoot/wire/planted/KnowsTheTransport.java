package dev.surefoot.wire.planted;

import dev.surefoot.net.Transport;

/** A class of the wire layer that knows one of the net layer. */
public interface KnowsTheTransport {
    Transport transport();
}
