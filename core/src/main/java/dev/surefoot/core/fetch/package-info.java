/**
 * Floor 3. The loop's half of fetching: what to fetch next from which broker. It shares with the application's half,
 * {@code delivery}, only the values of {@code handover}.
 */
@NullMarked
package dev.surefoot.core.fetch;

import org.jspecify.annotations.NullMarked;
