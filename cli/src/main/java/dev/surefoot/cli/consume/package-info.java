/** {@code surefoot consume}: prints the records of a topic. */
@NullMarked
package dev.surefoot.cli.consume;

import org.jspecify.annotations.NullMarked;
