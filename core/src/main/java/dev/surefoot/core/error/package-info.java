/** Floor 0. The error codes of brokers, what each means for a question, and its public exception. */
@NullMarked
package dev.surefoot.core.error;

import org.jspecify.annotations.NullMarked;
