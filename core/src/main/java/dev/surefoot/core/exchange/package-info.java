/**
 * Floor 1. Requests and their answers: what any part of the core needs to ask a broker. The requesters are on higher
 * floors, and the engine calls them in each turn.
 */
@NullMarked
package dev.surefoot.core.exchange;

import org.jspecify.annotations.NullMarked;
