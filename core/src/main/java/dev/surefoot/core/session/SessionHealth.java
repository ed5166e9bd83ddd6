package dev.surefoot.core.session;

/**
 * How a fetch session does, by what its handler says. Immutable.
 *
 * @param state the state of the session
 * @param outstanding whether a request awaits its outcome
 * @param resetsInARow answers in a row that ended the session by an error or a contradiction
 * @param notGrantedInARow full requests in a row for which the broker has granted no session
 */
public record SessionHealth(SessionBelief.State state, boolean outstanding, int resetsInARow, int notGrantedInARow) {}
