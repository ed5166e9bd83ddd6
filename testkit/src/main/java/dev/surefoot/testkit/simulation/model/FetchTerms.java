package dev.surefoot.testkit.simulation.model;

/**
 * The parameters of a fetch beside its session.
 *
 * @param maxBytes most bytes of the whole answer; the first batch may exceed it (KIP-74)
 * @param readCommitted whether only data below the last stable offset may be read
 */
public record FetchTerms(int maxBytes, boolean readCommitted) {}
