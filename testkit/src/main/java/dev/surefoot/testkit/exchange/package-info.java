/** Requests and answers as values, for whoever changes them on their way. */
@NullMarked
package dev.surefoot.testkit.exchange;

import org.jspecify.annotations.NullMarked;
