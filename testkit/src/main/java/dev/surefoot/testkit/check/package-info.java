/** Records that carry their own sequence number, and checkers of how a consumer delivers them. */
@NullMarked
package dev.surefoot.testkit.check;

import org.jspecify.annotations.NullMarked;
