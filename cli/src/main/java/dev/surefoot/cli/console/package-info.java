/** The commands' console: streams, failures, progress, Ctrl-C. */
@NullMarked
package dev.surefoot.cli.console;

import org.jspecify.annotations.NullMarked;
