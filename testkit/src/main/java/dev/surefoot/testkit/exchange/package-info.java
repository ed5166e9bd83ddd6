/** Requests by their class, and changed answers to fetches, for the museum, the simulator and the search. */
@NullMarked
package dev.surefoot.testkit.exchange;

import org.jspecify.annotations.NullMarked;
