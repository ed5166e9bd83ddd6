/**
 * Floor 3. The application's half of fetching: lanes, their order, and records made of what was delivered. Owned by the
 * application's thread; it meets the loop's half, {@code fetch}, in {@code handover} only.
 */
@NullMarked
package dev.surefoot.core.delivery;

import org.jspecify.annotations.NullMarked;
