/** The properties that must hold in every simulated run, and their checks. */
@NullMarked
package dev.surefoot.testkit.simulation.check;

import org.jspecify.annotations.NullMarked;
