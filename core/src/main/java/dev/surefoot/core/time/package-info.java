/**
 * Floor 0. Deadlines and back-off. Time is an argument everywhere in the core: one {@code nowNanos} per turn, passed
 * down.
 */
@NullMarked
package dev.surefoot.core.time;

import org.jspecify.annotations.NullMarked;
