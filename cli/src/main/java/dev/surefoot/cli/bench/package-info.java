/** {@code surefoot bench}: runs the benchmarks and prints what they measured. */
@NullMarked
package dev.surefoot.cli.bench;

import org.jspecify.annotations.NullMarked;
