/** Floor 1. The cluster by the newest metadata: brokers, leaders, leader epochs and topic ids. */
@NullMarked
package dev.surefoot.core.cluster;

import org.jspecify.annotations.NullMarked;
