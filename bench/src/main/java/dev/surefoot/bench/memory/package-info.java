/** What an application that is slower than the network costs: the memory held for it, and the throughput around it. */
@NullMarked
package dev.surefoot.bench.memory;

import org.jspecify.annotations.NullMarked;
