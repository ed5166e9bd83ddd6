package dev.surefoot.bench.throughput;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.jspecify.annotations.Nullable;

/**
 * The clients that the bench can measure. All run with their default configuration, except for what must be equal for
 * all.
 */
public enum Client {
    /** {@code SurefootConsumer.poll()}. */
    SUREFOOT("surefoot"),
    /** {@code SurefootConsumer.poll()} with a visitor, which makes no objects of records. */
    SUREFOOT_VISIT("surefoot-visit"),
    /** {@code KafkaConsumer} with {@code group.protocol=classic}. */
    KAFKA_CLASSIC("kafka-classic"),
    /** {@code KafkaConsumer} with {@code group.protocol=consumer}. */
    KAFKA_CONSUMER("kafka-consumer"),
    /**
     * {@code KAFKA_CLASSIC} with {@code receive.buffer.bytes=-1}, which is Surefoot's default and not Kafka's: shows
     * the difference that remains with that setting. Only run when it is named.
     */
    KAFKA_TUNED("kafka-tuned"),
    /** A small C program on librdkafka, compiled when the bench starts. */
    LIBRDKAFKA("librdkafka"),
    /** librdkafka by {@code kcat}: replaces {@code LIBRDKAFKA} where there is no compiler. */
    KCAT("kcat"),
    /** A bare loop that fetches and discards the bytes: the limit of the wire. */
    WIRE("wire"),
    /**
     * {@code WIRE} read in pieces of 128 KiB, as Surefoot reads it: the broker continues to send while a piece is
     * copied. Only run when it is named.
     */
    WIRE_PIECES("wire-pieces"),
    /** {@code SUREFOOT}, subscribed in a group of the classic protocol, with auto-commit. Only run when it is named. */
    SUREFOOT_GROUP_CLASSIC("surefoot-group-classic", SUREFOOT, GroupProtocol.CLASSIC),
    /** The same in the consumer protocol. */
    SUREFOOT_GROUP_CONSUMER("surefoot-group-consumer", SUREFOOT, GroupProtocol.CONSUMER),
    /** {@code KAFKA_CLASSIC}, subscribed in a group, with auto-commit. Only run when it is named. */
    KAFKA_GROUP_CLASSIC("kafka-group-classic", KAFKA_CLASSIC, GroupProtocol.CLASSIC),
    /** {@code KAFKA_CONSUMER}, subscribed in a group, with auto-commit. Only run when it is named. */
    KAFKA_GROUP_CONSUMER("kafka-group-consumer", KAFKA_CONSUMER, GroupProtocol.CONSUMER);

    private final String label;
    private final @Nullable Client assigned;
    private final @Nullable GroupProtocol group;

    Client(String label) {
        this.label = label;
        this.assigned = null;
        this.group = null;
    }

    Client(String label, Client assigned, GroupProtocol group) {
        this.label = label;
        this.assigned = assigned;
        this.group = group;
    }

    /** Returns the client that reads in the same way, but assigns its partitions itself; empty if this one does. */
    public Optional<Client> assigned() {
        return Optional.ofNullable(assigned);
    }

    /** Returns the protocol of the group in which the client subscribes, if it does. */
    public Optional<GroupProtocol> group() {
        return Optional.ofNullable(group);
    }

    /**
     * Returns the labels of a comparison of groups of this protocol: both consumers, each with partitions assigned and
     * subscribed.
     */
    public static List<String> labelsInGroup(GroupProtocol protocol) {
        return Arrays.stream(values())
                .filter(each -> each.group == protocol)
                .flatMap(each -> Stream.of(each.assigned().orElseThrow(), each))
                .map(Client::label)
                .toList();
    }

    /** Returns the name in options, tables and JSON. */
    public String label() {
        return label;
    }

    /** Returns the client with this label. */
    public static Optional<Client> ofLabel(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /**
     * Returns the labels of those that are run unless others are named; kcat replaces librdkafka where that cannot run.
     */
    public static List<String> usualLabels() {
        return Arrays.stream(values())
                .filter(each -> each.group == null && each != KAFKA_TUNED && each != KCAT && each != WIRE_PIECES)
                .map(Client::label)
                .toList();
    }

    /** Returns all labels, in the order of a table. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Client::label).toList();
    }
}
