/** Records that carry their own sequence, and judges of what a consumer delivers of them. */
@NullMarked
package dev.surefoot.testkit.check;

import org.jspecify.annotations.NullMarked;
