/**
 * Floor 3. The loop's half of fetching: what to fetch next from whom. It meets the application's half, {@code
 * delivery}, in {@code handover} only.
 */
@NullMarked
package dev.surefoot.core.fetch;

import org.jspecify.annotations.NullMarked;
