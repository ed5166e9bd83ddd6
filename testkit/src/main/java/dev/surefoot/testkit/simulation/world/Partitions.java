package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.model.ModelCluster;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * All partitions of the world by their places, which stay the same when topics are created again or partitions are
 * added.
 */
final class Partitions {
    private final ModelCluster cluster;
    private final List<TopicPartition> names = new ArrayList<>();

    Partitions(ModelCluster cluster, Shape shape) {
        this.cluster = cluster;
        for (int topic = 0; topic < shape.topics(); topic++) {
            String name = "t" + topic;
            int count = shape.partitions() / shape.topics() + (topic < shape.partitions() % shape.topics() ? 1 : 0);
            cluster.create(name, count);
            for (int number = 0; number < count; number++) {
                names.add(new TopicPartition(name, number));
            }
        }
    }

    List<TopicPartition> names() {
        return names;
    }

    TopicPartition name(int place) {
        return names.get(place % names.size());
    }

    /** Returns the current partition at this place, or null while it does not exist. */
    @Nullable ModelPartition get(int place) {
        return cluster.partition(name(place));
    }

    List<ModelPartition> all() {
        List<ModelPartition> all = new ArrayList<>();
        for (TopicPartition name : names) {
            ModelPartition partition = cluster.partition(name);
            if (partition != null) {
                all.add(partition);
            }
        }
        return all;
    }

    /** Adds a partition to a topic. */
    void add(String topic) {
        cluster.addPartitions(topic, 1);
        int number = Objects.requireNonNull(cluster.topic(topic)).partitions().size() - 1;
        names.add(new TopicPartition(topic, number));
    }

    ModelPartition last() {
        return Objects.requireNonNull(cluster.partition(names.get(names.size() - 1)));
    }
}
