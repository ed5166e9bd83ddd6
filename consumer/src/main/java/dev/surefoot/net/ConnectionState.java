package dev.surefoot.net;

import dev.surefoot.core.exchange.Readiness;

/**
 * Where a {@link BrokerConnection} stands. Each state names the states it may give way to; any other step is a fault of
 * ours.
 */
enum ConnectionState {
    /** No channel, and no reason not to open one when somebody asks. */
    IDLE(false),
    /** The TCP connection is being made; bounded by {@code socket.connection.setup.timeout.ms}. */
    CONNECTING(true),
    /** TLS and SASL have their say; nothing to do for PLAINTEXT. Bounded by {@code request.timeout.ms}. */
    AUTHENTICATING(true),
    /** The broker has been asked which versions it knows; bounded by {@code request.timeout.ms}. */
    NEGOTIATING(true),
    /** Requests can be handed over. */
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

    /** What is missing in this state before requests can be handed over. */
    Readiness.Cause waitsFor() {
        return switch (this) {
            case CONNECTING -> Readiness.Cause.CONNECTING;
            case AUTHENTICATING -> Readiness.Cause.AUTHENTICATING;
            case NEGOTIATING -> Readiness.Cause.NEGOTIATING;
            case IDLE, READY, BACKOFF -> throw new IllegalStateException("no connection is being made: " + this);
        };
    }

    boolean mayBecome(ConnectionState next) {
        return switch (this) {
            case IDLE -> next == CONNECTING;
            case CONNECTING -> next == AUTHENTICATING || next == BACKOFF || next == IDLE;
            case AUTHENTICATING -> next == NEGOTIATING || next == BACKOFF || next == IDLE;
            case NEGOTIATING -> next == READY || next == BACKOFF || next == IDLE;
            case READY -> next == BACKOFF || next == IDLE;
            case BACKOFF -> next == IDLE;
        };
    }
}
