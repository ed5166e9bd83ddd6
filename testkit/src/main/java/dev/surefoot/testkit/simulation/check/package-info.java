/** What must hold in every simulated run, and who notices when it does not. */
@NullMarked
package dev.surefoot.testkit.simulation.check;

import org.jspecify.annotations.NullMarked;
