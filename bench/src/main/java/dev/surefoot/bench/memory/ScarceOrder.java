package dev.surefoot.bench.memory;

import dev.surefoot.bench.latency.ConsumerKind;

/**
 * Consumers that read a whole topic at the same time.
 *
 * @param records in the topic
 * @param mostSeconds when the trial is stopped
 */
record ScarceOrder(
        String bootstrapServers,
        String topic,
        int partitions,
        long records,
        ConsumerKind client,
        int consumers,
        int mostSeconds) {}
