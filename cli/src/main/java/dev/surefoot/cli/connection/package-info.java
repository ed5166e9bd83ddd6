/** How a command reaches a cluster: its brokers and the configuration that the user gives. */
@NullMarked
package dev.surefoot.cli.connection;

import org.jspecify.annotations.NullMarked;
