/** The time that a group's partitions stand still when a member joins, leaves or dies. */
@NullMarked
package dev.surefoot.bench.rebalance;

import org.jspecify.annotations.NullMarked;
