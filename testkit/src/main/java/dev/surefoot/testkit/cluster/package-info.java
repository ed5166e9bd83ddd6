/**
 * A real Kafka cluster in this JVM, whose brokers can be stopped, killed and started again.
 */
@NullMarked
package dev.surefoot.testkit.cluster;

import org.jspecify.annotations.NullMarked;
