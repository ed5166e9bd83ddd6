package dev.surefoot.bench.partitions;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The partitions of a measurement, numbered from 0, in topics of {@value #PARTITIONS_OF_A_TOPIC}. Those that change
 * together are far apart, in different topics if there are enough.
 *
 * @param partitions how many there are
 * @param changed how many of them change between one fetch and the next
 * @param scattered whether others change each time, until each has changed once; otherwise always the same ones change
 */
record Layout(int partitions, int changed, boolean scattered) {
    /** With topics of this size, ten of a hundred partitions are in as many topics as ten of a hundred thousand. */
    static final int PARTITIONS_OF_A_TOPIC = 10;

    /** Coprime to the usual numbers of partitions, so that the changing partitions are spread and each has its turn. */
    private static final int JUMP = 7919;

    Layout {
        if (changed < 1 || partitions < changed) {
            throw new IllegalArgumentException(
                    "of " + partitions + " partitions " + changed + " cannot change; it must be 1 to " + partitions);
        }
    }

    int topics() {
        return (partitions + PARTITIONS_OF_A_TOPIC - 1) / PARTITIONS_OF_A_TOPIC;
    }

    /** Returns how many partitions this topic has; the last topic may be smaller than the others. */
    int partitionsOf(int topic) {
        return Math.min(PARTITIONS_OF_A_TOPIC, partitions - topic * PARTITIONS_OF_A_TOPIC);
    }

    String topicName(int topic) {
        return String.format("orders-%06d", topic);
    }

    Uuid topicId(int topic) {
        return new Uuid(0x5f00_0000_0000_4000L, 0x8000_0000_0000_0000L + topic);
    }

    /** Returns the number of the topic that has this id. */
    int topicOf(Uuid topicId) {
        return (int) topicId.getLeastSignificantBits();
    }

    /** Returns the number of the partition with this place in its topic. */
    int number(int topic, int place) {
        return topic * PARTITIONS_OF_A_TOPIC + place;
    }

    /** Returns all partitions in the order of their numbers. */
    List<TopicPartition> all() {
        List<TopicPartition> all = new ArrayList<>(partitions);
        for (int topic = 0; topic < topics(); topic++) {
            String name = topicName(topic);
            for (int place = 0; place < partitionsOf(topic); place++) {
                all.add(new TopicPartition(name, place));
            }
        }
        return all;
    }

    /** Returns the numbers of the partitions that change before this fetch. */
    int[] changedBefore(long fetch) {
        int apart = partitions / changed;
        int first = scattered ? (int) (fetch * JUMP % apart) : 0;
        int[] numbers = new int[changed];
        for (int i = 0; i < changed; i++) {
            numbers[i] = first + i * apart;
        }
        return numbers;
    }

    /** Returns after how many fetches every partition has changed once. */
    int fetchesOfACycle() {
        return scattered ? partitions / changed : 1;
    }
}
