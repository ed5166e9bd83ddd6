/** {@code surefoot simulate}: the consumer, known-bad session handlers and the session alone, in simulated clusters. */
@NullMarked
package dev.surefoot.cli.simulate;

import org.jspecify.annotations.NullMarked;
