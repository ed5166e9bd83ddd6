/** JMH benchmarks of the code that each record passes through, and of the code that runs for each fetch. */
@NullMarked
package dev.surefoot.bench.jmh;

import org.jspecify.annotations.NullMarked;
