/** What is going to happen in a simulated run: drawn from a seed, then fixed. */
@NullMarked
package dev.surefoot.testkit.simulation.schedule;

import org.jspecify.annotations.NullMarked;
