/**
 * Bytes to messages and back. Fetch has a codec of its own; every other API goes through Kafka's generated messages.
 */
@NullMarked
package dev.surefoot.wire;

import org.jspecify.annotations.NullMarked;
