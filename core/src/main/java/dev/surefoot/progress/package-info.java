/**
 * What a consumer says of its progress: which partitions advance, which do not, and why. Immutable values of the public
 * API, without logic of their own. {@code dev.surefoot.SurefootConsumer} returns them.
 */
@NullMarked
package dev.surefoot.progress;

import org.jspecify.annotations.NullMarked;
