package dev.surefoot.testkit.simulation.coordinator;

/**
 * What a request says beside its body, and when it arrived.
 *
 * @param version of the API that the request was written in
 * @param clientId begins the member ids that the coordinator makes
 * @param nowMs virtual time of arrival
 */
record Caller(int version, String clientId, long nowMs) {}
