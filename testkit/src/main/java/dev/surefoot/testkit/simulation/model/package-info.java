/**
 * A model of a Kafka cluster, as small as a consumer cannot distinguish from a real one: logs, leaders, and each
 * broker's half of the fetch session protocol (KIP-227).
 */
@NullMarked
package dev.surefoot.testkit.simulation.model;

import org.jspecify.annotations.NullMarked;
