/**
 * Floor 2. Where each assigned partition stands: resets, fetch positions, leader epochs and truncation (KIP-320).
 */
@NullMarked
package dev.surefoot.core.position;

import org.jspecify.annotations.NullMarked;
