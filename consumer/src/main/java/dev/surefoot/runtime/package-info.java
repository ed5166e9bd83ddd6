/**
 * The loop, and the application's side of it: the only package with threads. Not part of the public API.
 *
 * <p>The application's thread uses {@link dev.surefoot.runtime.Assignments} (which partitions are read),
 * {@link dev.surefoot.runtime.Offsets} (its positions), {@link dev.surefoot.runtime.Polling} (their records) and
 * {@link dev.surefoot.runtime.ClusterQuestions}. Each changes the lanes, which that thread owns, and sends the loop a
 * command. {@link dev.surefoot.runtime.ConsumerRuntime} makes them, starts the loop and closes everything.
 *
 * <p>Consumer groups will stand here: subscriptions, generations and the calls of the rebalance listener in
 * {@code Assignments}; snapshots for commits, and committed offsets, in {@code Offsets}; the coordinator's changes,
 * which must be seen before records are gathered, in {@code Intake}. The group protocol itself belongs to the loop, in
 * {@code dev.surefoot.core}.
 */
@NullMarked
package dev.surefoot.runtime;

import org.jspecify.annotations.NullMarked;
