/**
 * How long a record takes from the moment it is due at the producer until {@code poll} returns it.
 *
 * <p>Producer and consumer share one JVM: its {@link java.lang.System#nanoTime} is then one clock by definition, and
 * not merely on systems where all processes happen to read the same one. The broker runs in another JVM.
 */
@NullMarked
package dev.surefoot.bench.latency;

import org.jspecify.annotations.NullMarked;
