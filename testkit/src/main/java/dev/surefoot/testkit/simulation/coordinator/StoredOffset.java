package dev.surefoot.testkit.simulation.coordinator;

import org.apache.kafka.common.Uuid;

/**
 * A committed offset.
 *
 * @param offset the next one to read
 * @param leaderEpoch that of the last record before it, or -1
 * @param metadata the text that the member wished to keep with it
 * @param topicId the topic's id at the time of the commit
 * @param committedAtMs virtual time
 */
public record StoredOffset(long offset, int leaderEpoch, String metadata, Uuid topicId, long committedAtMs) {}
