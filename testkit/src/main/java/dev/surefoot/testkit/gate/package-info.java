/**
 * A TCP gate between a client and a broker that can be made to fail in chosen ways.
 */
@NullMarked
package dev.surefoot.testkit.gate;

import org.jspecify.annotations.NullMarked;
