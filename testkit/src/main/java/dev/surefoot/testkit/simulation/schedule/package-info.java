/** The events of a simulated run: drawn from a seed, then fixed. */
@NullMarked
package dev.surefoot.testkit.simulation.schedule;

import org.jspecify.annotations.NullMarked;
