/** JMH benchmarks of the pieces that a record passes on its way, and of what is done for each fetch. */
@NullMarked
package dev.surefoot.bench.jmh;

import org.jspecify.annotations.NullMarked;
