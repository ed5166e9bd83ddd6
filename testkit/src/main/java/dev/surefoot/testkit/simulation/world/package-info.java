/** Virtual time, the wire between client and model cluster, and the faults of both. */
@NullMarked
package dev.surefoot.testkit.simulation.world;

import org.jspecify.annotations.NullMarked;
