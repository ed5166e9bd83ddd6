/**
 * Floor 1. The values that cross between the loop's thread and the application's: deliveries to the application, and
 * what it has read or yielded.
 */
@NullMarked
package dev.surefoot.core.handover;

import org.jspecify.annotations.NullMarked;
