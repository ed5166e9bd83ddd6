/**
 * Fetch session handlers that are known to be bad, each with the public bug it stands for. They
 * live here and nowhere else.
 */
@NullMarked
package dev.surefoot.testkit.museum;

import org.jspecify.annotations.NullMarked;
