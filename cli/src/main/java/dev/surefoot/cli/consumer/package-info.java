/** The one place where the commands get their consumers. */
@NullMarked
package dev.surefoot.cli.consumer;

import org.jspecify.annotations.NullMarked;
