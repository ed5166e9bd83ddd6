package dev.surefoot.net;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Readiness;

/**
 * The state of a {@link BrokerConnection}. Each state names the states that may follow it; any other transition is a
 * bug.
 */
enum ConnectionState {
    /** No channel. One may be opened as soon as there is a request to send. */
    IDLE(false),
    /** The host's name is being resolved; bounded by {@code socket.connection.setup.timeout.ms}. */
    RESOLVING(false),
    /** The TCP connection is being established; bounded by {@code socket.connection.setup.timeout.ms}. */
    CONNECTING(true),
    /** TLS and SASL are under way; nothing to do for PLAINTEXT. Bounded by {@code request.timeout.ms}. */
    AUTHENTICATING(true),
    /** The ApiVersions request is in flight; bounded by {@code request.timeout.ms}. */
    NEGOTIATING(true),
    /** Requests can be sent. */
    READY(true),
    /** The last attempt failed, or the connection was lost; the next attempt waits. */
    BACKOFF(false);

    private final boolean channelOpen;

    ConnectionState(boolean channelOpen) {
        this.channelOpen = channelOpen;
    }

    /** Whether the selector holds a channel in this state. */
    boolean channelOpen() {
        return channelOpen;
    }

    /** Returns what is missing in this state before requests can be sent. */
    Readiness.Cause waitsFor() {
        return switch (this) {
            case RESOLVING -> Readiness.Cause.RESOLVING;
            case CONNECTING -> Readiness.Cause.CONNECTING;
            case AUTHENTICATING -> Readiness.Cause.AUTHENTICATING;
            case NEGOTIATING -> Readiness.Cause.NEGOTIATING;
            case IDLE, READY, BACKOFF -> throw new IllegalStateException("no connection is being made: " + this);
        };
    }

    /** This state as a diagnosis names it. */
    LinkCondition.State shown() {
        return switch (this) {
            case IDLE -> LinkCondition.State.IDLE;
            case RESOLVING -> LinkCondition.State.RESOLVING;
            case CONNECTING -> LinkCondition.State.CONNECTING;
            case AUTHENTICATING -> LinkCondition.State.AUTHENTICATING;
            case NEGOTIATING -> LinkCondition.State.NEGOTIATING;
            case READY -> LinkCondition.State.READY;
            case BACKOFF -> LinkCondition.State.BACKING_OFF;
        };
    }

    boolean mayBecome(ConnectionState next) {
        return switch (this) {
            case IDLE -> next == RESOLVING || next == CONNECTING;
            case RESOLVING -> next == CONNECTING || next == BACKOFF;
            case CONNECTING -> next == AUTHENTICATING || next == BACKOFF || next == IDLE;
            case AUTHENTICATING -> next == NEGOTIATING || next == BACKOFF || next == IDLE;
            case NEGOTIATING -> next == READY || next == BACKOFF || next == IDLE;
            case READY -> next == BACKOFF || next == IDLE;
            case BACKOFF -> next == IDLE;
        };
    }
}
