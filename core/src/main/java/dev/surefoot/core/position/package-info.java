/**
 * Floor 2. The positions of assigned partitions: resets, look-ups, leader epochs, truncation (KIP-320) and topic
 * incarnations.
 */
@NullMarked
package dev.surefoot.core.position;

import org.jspecify.annotations.NullMarked;
