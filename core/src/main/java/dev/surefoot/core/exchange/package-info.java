/**
 * Floor 1. What any part of the core needs in order to ask a broker something: a request and its answer, the way out,
 * the reply that hears of the outcome, and the deadline until which nothing is due. The parts that ask are on higher
 * floors, and the engine calls them in turn.
 */
@NullMarked
package dev.surefoot.core.exchange;

import org.jspecify.annotations.NullMarked;
