/** How the commands meet the person or program in front of them: streams, failures, progress, Ctrl-C. */
@NullMarked
package dev.surefoot.cli.console;

import org.jspecify.annotations.NullMarked;
