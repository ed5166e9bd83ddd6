/**
 * Floor 1. Incremental fetch sessions (KIP-227): what each broker was told, what it must answer, and what follows if it
 * does not.
 */
@NullMarked
package dev.surefoot.core.session;

import org.jspecify.annotations.NullMarked;
