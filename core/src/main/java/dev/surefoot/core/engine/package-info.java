/**
 * Floor 6. The engine, which connects all parts of the core: commands and answers in; requests, deadlines and events
 * out.
 */
@NullMarked
package dev.surefoot.core.engine;

import org.jspecify.annotations.NullMarked;
