/**
 * The cost of a fetch by the number of partitions in the session, when only a few of them have changed. A scripted
 * broker answers from memory, so that only the client is measured.
 */
@NullMarked
package dev.surefoot.bench.partitions;

import org.jspecify.annotations.NullMarked;
