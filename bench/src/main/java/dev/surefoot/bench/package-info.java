/** Benchmarks: throughput and latency beside other clients, cost by number of partitions, hot code by itself. */
@NullMarked
package dev.surefoot.bench;

import org.jspecify.annotations.NullMarked;
