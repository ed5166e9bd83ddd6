/** Connections to brokers, requests in flight, receive buffers, and the interfaces where a simulator plugs in. */
@NullMarked
package dev.surefoot.net;

import org.jspecify.annotations.NullMarked;
