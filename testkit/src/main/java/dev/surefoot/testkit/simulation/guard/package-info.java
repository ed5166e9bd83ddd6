/** Compares what the guard says of the progress of a simulated consumer with what is true of its world. */
@NullMarked
package dev.surefoot.testkit.simulation.guard;

import org.jspecify.annotations.NullMarked;
