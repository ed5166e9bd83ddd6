/**
 * Floor 0. The error codes a broker answers with, and what each asks of a consumer.
 */
@NullMarked
package dev.surefoot.core.error;

import org.jspecify.annotations.NullMarked;
