/**
 * Makes a consumer from a configuration: checks keys, makes plug-ins, puts the parts together, and closes what was made
 * when something fails. Not part of the public API.
 */
@NullMarked
package dev.surefoot.assembly;

import org.jspecify.annotations.NullMarked;
