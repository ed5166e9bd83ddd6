/**
 * Floor 1. The cluster as metadata tells it: brokers, leaders, leader epochs and topic ids.
 */
@NullMarked
package dev.surefoot.core.cluster;

import org.jspecify.annotations.NullMarked;
