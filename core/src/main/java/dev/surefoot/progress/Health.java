package dev.surefoot.progress;

import java.util.Optional;

/**
 * What a probe of the process should answer.
 *
 * @param live false only if a restart would help: the consumer's loop is dead or stuck, or the consumer
 *     has a fault that it could not mend. Never false because of brokers, the network, the group or the
 *     data, which no restart mends
 * @param ready whether the consumer has a position, and a record or a proof that there is none, for each of its
 *     partitions, or knows that the group has given it none
 * @param why the diagnosis that {@code live} or {@code ready} is false for
 */
public record Health(boolean live, boolean ready, Optional<Diagnosis> why) {}
