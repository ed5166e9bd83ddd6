/** The only place with threads: the loop, and the hand-over to the application's thread. */
@NullMarked
package dev.surefoot.runtime;

import org.jspecify.annotations.NullMarked;
