/** Answers to fetches, for whoever changes them on their way. */
@NullMarked
package dev.surefoot.testkit.exchange;

import org.jspecify.annotations.NullMarked;
