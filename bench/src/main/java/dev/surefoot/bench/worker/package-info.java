/** JVMs that the benchmarks start, so that no client runs in a JVM that another has warmed up. */
@NullMarked
package dev.surefoot.bench.worker;

import org.jspecify.annotations.NullMarked;
