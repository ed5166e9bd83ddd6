/** JVMs that the benchmarks start for themselves, so that no client is measured in one that another has warmed up. */
@NullMarked
package dev.surefoot.bench.worker;

import org.jspecify.annotations.NullMarked;
