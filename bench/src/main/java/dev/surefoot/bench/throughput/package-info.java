/**
 * Measures how fast a topic can be read: Surefoot, {@code KafkaConsumer}, librdkafka and a bare socket, each in a
 * process of its own.
 */
@NullMarked
package dev.surefoot.bench.throughput;

import org.jspecify.annotations.NullMarked;
