/**
 * Floor 4. The client's half of a consumer group: membership by the classic protocol and by the consumer protocol
 * (KIP-848), its coordinator, commits and committed offsets. Owned by the loop's thread.
 */
@NullMarked
package dev.surefoot.core.group;

import org.jspecify.annotations.NullMarked;
