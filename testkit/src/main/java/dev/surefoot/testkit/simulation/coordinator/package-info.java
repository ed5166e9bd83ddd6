/**
 * A model of Kafka's group coordinator in virtual time: the classic protocol, the consumer protocol of KIP-848, and
 * committed offsets. It takes and gives Kafka's own messages.
 *
 * <p>Start reading at {@link dev.surefoot.testkit.simulation.coordinator.GroupCoordinatorModel}.
 */
@NullMarked
package dev.surefoot.testkit.simulation.coordinator;

import org.jspecify.annotations.NullMarked;
