/**
 * Exhaustive search: a world small enough that every order of events can be tried, with the shipped session handler on
 * one side and the model broker on the other. The random simulation finds what is rare; the search leaves nothing out.
 */
@NullMarked
package dev.surefoot.testkit.simulation.search;

import org.jspecify.annotations.NullMarked;
