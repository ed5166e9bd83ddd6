/**
 * Exhaustive search: a world small enough that every order of events can be tried, with the shipped session handler on
 * one side and the model broker on the other. The random simulation reaches rare states of a large world; the search
 * covers all states of a small one.
 */
@NullMarked
package dev.surefoot.testkit.simulation.search;

import org.jspecify.annotations.NullMarked;
