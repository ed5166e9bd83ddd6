package dev.surefoot.testkit.simulation.model;

/**
 * What a fetch asks for beside its session.
 *
 * @param maxBytes most bytes of the whole answer; the first batch may exceed it (KIP-74)
 * @param readCommitted whether only what is below the last stable offset may be read
 */
public record FetchTerms(int maxBytes, boolean readCommitted) {}
