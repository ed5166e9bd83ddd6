/** Reports of throughput: figures of rounds, their medians and ratios, pictures of them. */
@NullMarked
package dev.surefoot.bench.report;

import org.jspecify.annotations.NullMarked;
