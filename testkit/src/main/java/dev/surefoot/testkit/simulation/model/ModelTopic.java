package dev.surefoot.testkit.simulation.model;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A topic from its creation to its deletion. A later topic of the same name has another id.
 *
 * @param partitions by their numbers; grows when partitions are added
 */
public record ModelTopic(String name, Uuid id, List<ModelPartition> partitions) {}
