/**
 * Measures how long a record takes from the time it is due at the producer until {@code poll} returns it.
 *
 * <p>Producer and consumer share one JVM, so both read the same {@link java.lang.System#nanoTime} on every system. The
 * broker runs in another JVM.
 */
@NullMarked
package dev.surefoot.bench.latency;

import org.jspecify.annotations.NullMarked;
