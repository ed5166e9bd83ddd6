/**
 * Parts of group members that are known to be bad, each with the public bug that it stands for. The consumer has none
 * of them.
 */
@NullMarked
package dev.surefoot.testkit.museum.group;

import org.jspecify.annotations.NullMarked;
