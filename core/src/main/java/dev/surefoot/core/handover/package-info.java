/**
 * Floor 1. The values that cross between the loop's thread and the application's: what is delivered, and what is given
 * back.
 */
@NullMarked
package dev.surefoot.core.handover;

import org.jspecify.annotations.NullMarked;
