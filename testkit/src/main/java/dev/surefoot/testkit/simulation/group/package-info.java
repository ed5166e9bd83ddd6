/**
 * A small world with two members of one group, the model of their coordinator and what is between them, in which
 * nothing happens by itself: for the exhaustive search, and for random walks with members that are known to be bad.
 */
@NullMarked
package dev.surefoot.testkit.simulation.group;

import org.jspecify.annotations.NullMarked;
