/**
 * Makes a consumer of a configuration: keys are checked, plug-ins are made, parts are put together, and what was made
 * is closed when something fails. Not part of the public API.
 */
@NullMarked
package dev.surefoot.assembly;

import org.jspecify.annotations.NullMarked;
