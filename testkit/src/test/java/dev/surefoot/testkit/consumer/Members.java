package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.params.provider.Arguments;

/** Members of groups at {@link OneBroker}: how they are opened, what they read, and what the coordinator says. */
final class Members {
    static final String CLIENTS_AND_PROTOCOLS = "dev.surefoot.testkit.consumer.Members#clientsAndProtocols";
    static final String BUT_FOR_KAFKA_BY_CONSUMER =
            "dev.surefoot.testkit.consumer.Members#butForKafkaByConsumerProtocol";
    static final String BUT_FOR_KAFKA_BY_CLASSIC = "dev.surefoot.testkit.consumer.Members#butForKafkaByClassicProtocol";
    static final Duration SHORT = Duration.ofMillis(20);
    static final Duration LONG = Duration.ofSeconds(60);
    /** How many records each partition has. */
    static final int RECORDS = 30;

    /**
     * Whether KafkaConsumer of the consumer protocol is asked as well. Its background thread makes some of its answers
     * a matter of luck (a wake-up, a look-up that began before a seek), so {@code mvn verify} does not depend on it.
     */
    private static final boolean ALL_PEERS =
            System.getProperty("surefoot.contract.peers", "").equals("all");

    private Members() {}

    /** Each client in each protocol; KafkaConsumer of the consumer protocol only where it is asked for. */
    static Stream<Arguments> clientsAndProtocols() {
        return Stream.of(Client.values())
                .flatMap(client -> Stream.of("classic", "consumer").map(protocol -> Arguments.of(client, protocol)))
                .filter(one -> ALL_PEERS || one.get()[0] == Client.SUREFOOT || one.get()[1].equals("classic"));
    }

    /** Those that are told of things that KafkaConsumer does in the classic protocol, but not in the other one. */
    static Stream<Arguments> butForKafkaByConsumerProtocol() {
        return clientsAndProtocols().filter(one -> one.get()[0] == Client.SUREFOOT || one.get()[1].equals("classic"));
    }

    /** Those that are told of things that KafkaConsumer does in the consumer protocol, but not in the other one. */
    static Stream<Arguments> butForKafkaByClassicProtocol() {
        return clientsAndProtocols().filter(one -> one.get()[0] == Client.SUREFOOT || one.get()[1].equals("consumer"));
    }

    static Map<String, Object> config(String protocol, String group, Object... options) {
        Map<String, Object> config = OneBroker.config(options);
        config.put("group.id", group);
        config.put("group.protocol", protocol);
        config.putIfAbsent("auto.offset.reset", "earliest");
        config.putIfAbsent("enable.auto.commit", "false");
        return config;
    }

    static Consumer<byte[], byte[]> open(Client client, String protocol, String group, Object... options) {
        return client.open(config(protocol, group, options));
    }

    /** A new group. */
    static String group() {
        return "group-of-" + OneBroker.unusedName();
    }

    /** How many members the coordinator counts. */
    static int count(String group) {
        return count(OneBroker.cluster(), group);
    }

    static int count(KafkaCluster cluster, String group) {
        try {
            return cluster.admin()
                    .describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members()
                    .size();
        } catch (InterruptedException | ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw new IllegalStateException("The group cannot be described", e);
        }
    }

    /** A new topic, each of whose partitions has the same number of records. */
    static String written(int partitions) {
        String topic = OneBroker.topic(partitions);
        OneBroker.partitions(topic, partitions)
                .forEach(partition -> Writing.numbers(OneBroker.cluster(), partition, 0, RECORDS));
        return topic;
    }

    /** Polls until so many records were returned; returns them as partition and value. */
    static List<String> read(Consumer<byte[], byte[]> consumer, int count) {
        List<String> read = new ArrayList<>();
        Await.until("records of the group", LONG, () -> {
            consumer.poll(SHORT)
                    .forEach(record -> read.add(record.partition() + ":" + new String(record.value(), UTF_8)));
            return read.size() >= count;
        });
        return read;
    }

    /** Polls until so many partitions are assigned. */
    static void pollUntilAssigned(Consumer<byte[], byte[]> consumer, int partitions) {
        Await.until(partitions + " partitions", LONG, () -> {
            consumer.poll(SHORT);
            return consumer.assignment().size() == partitions;
        });
    }

    /** Has both poll until each has one of two partitions. */
    static void pollUntilShared(Consumer<byte[], byte[]> first, Consumer<byte[], byte[]> second) {
        Await.until("one partition each", LONG, () -> {
            first.poll(SHORT);
            second.poll(SHORT);
            return first.assignment().size() == 1 && second.assignment().size() == 1;
        });
    }

    /** Keeps what a listener is told, in order, and does then what it is to do. */
    static class Told implements ConsumerRebalanceListener {
        final List<String> calls = new ArrayList<>();

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            calls.add("revoked " + numbers(partitions));
            revoked(partitions);
        }

        /** To be assigned nothing is left out: a coordinator may not know a new topic yet, or may wait for a member. */
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            calls.add("assigned " + numbers(partitions));
            assigned(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            calls.add("lost " + numbers(partitions));
            lost(partitions);
        }

        void revoked(Collection<TopicPartition> partitions) {}

        void assigned(Collection<TopicPartition> partitions) {}

        void lost(Collection<TopicPartition> partitions) {}

        private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
            Set<Integer> numbers = new TreeSet<>();
            partitions.forEach(partition -> numbers.add(partition.partition()));
            return numbers;
        }
    }
}
