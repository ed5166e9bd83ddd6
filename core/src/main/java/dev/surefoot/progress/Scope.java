package dev.surefoot.progress;

import org.apache.kafka.common.TopicPartition;

/** What a {@link Diagnosis} is about. Partitions with the same cause and scope have one diagnosis in common. */
public sealed interface Scope {
    /** The whole consumer. */
    record Client() implements Scope {
        @Override
        public String toString() {
            return "the consumer";
        }
    }

    /** The consumer's membership of a group. */
    record Group(String id) implements Scope {
        @Override
        public String toString() {
            return "group " + id;
        }
    }

    /**
     * All partitions that are fetched from one broker.
     *
     * @param id its node id
     */
    record Broker(int id) implements Scope {
        @Override
        public String toString() {
            return "broker " + id;
        }
    }

    /** All partitions of a topic. */
    record Topic(String name) implements Scope {
        @Override
        public String toString() {
            return "topic " + name;
        }
    }

    /** One partition. */
    record Partition(TopicPartition partition) implements Scope {
        @Override
        public String toString() {
            return partition.toString();
        }
    }
}
