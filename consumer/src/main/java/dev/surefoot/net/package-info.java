/**
 * The way to the brokers: connections, requests in flight, receive buffers, and the seams where a simulator plugs in.
 */
@NullMarked
package dev.surefoot.net;

import org.jspecify.annotations.NullMarked;
