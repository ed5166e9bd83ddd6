/**
 * Floor 6. The one router: answers, commands and deadlines in; requests, deliveries and completions out.
 */
@NullMarked
package dev.surefoot.core.engine;

import org.jspecify.annotations.NullMarked;
