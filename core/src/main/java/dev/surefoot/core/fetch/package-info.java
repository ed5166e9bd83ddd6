/**
 * Floor 2. What to fetch next from whom, and fetched data on its way to the application.
 */
@NullMarked
package dev.surefoot.core.fetch;

import org.jspecify.annotations.NullMarked;
