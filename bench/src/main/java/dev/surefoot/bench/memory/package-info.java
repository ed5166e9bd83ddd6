/** Measures the memory held for an application that is slower than the network, and the throughput with it. */
@NullMarked
package dev.surefoot.bench.memory;

import org.jspecify.annotations.NullMarked;
