/**
 * What a fetch costs a client by the number of partitions in its session, when only a few of them have changed. A
 * scripted broker answers from memory, so that nothing but the client is measured.
 */
@NullMarked
package dev.surefoot.bench.partitions;

import org.jspecify.annotations.NullMarked;
