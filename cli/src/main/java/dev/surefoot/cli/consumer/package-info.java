/** Opens the consumers of all commands. */
@NullMarked
package dev.surefoot.cli.consumer;

import org.jspecify.annotations.NullMarked;
