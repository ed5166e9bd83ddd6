/** Floor 0. Deadlines and back-off. The core has no clock: each turn has one {@code nowNanos}, which is passed down. */
@NullMarked
package dev.surefoot.core.time;

import org.jspecify.annotations.NullMarked;
