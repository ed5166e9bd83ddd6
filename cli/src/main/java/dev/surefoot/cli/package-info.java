/** The {@code surefoot} command: the top command and its entry point; each command has a package of its own. */
@NullMarked
package dev.surefoot.cli;

import org.jspecify.annotations.NullMarked;
