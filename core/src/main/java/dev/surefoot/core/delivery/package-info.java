/**
 * Floor 3. The application's half of fetching: lanes, the order in which they are read, and the making of records.
 * Owned by the application's thread. It shares with the loop's half, {@code fetch}, only the values of {@code
 * handover}.
 */
@NullMarked
package dev.surefoot.core.delivery;

import org.jspecify.annotations.NullMarked;
