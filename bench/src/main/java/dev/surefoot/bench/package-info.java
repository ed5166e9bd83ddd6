/** Benchmarks: throughput and latency beside other clients, cost by number of partitions, hot pieces one by one. */
@NullMarked
package dev.surefoot.bench;

import org.jspecify.annotations.NullMarked;
