/**
 * Exhaustive search: a world small enough that every order of events can be tried, with the session handler
 * that ships on one side and the model broker on the other. The random simulation finds what is rare; this
 * shows that nothing is left.
 */
@NullMarked
package dev.surefoot.testkit.simulation.search;

import org.jspecify.annotations.NullMarked;
