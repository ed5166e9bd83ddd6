package dev.surefoot.bench.throughput;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The clients that the bench can measure. All run with their default configuration, but for what
 * must be the same for all.
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
     * {@code KAFKA_CLASSIC} with {@code receive.buffer.bytes=-1}, which is Surefoot's default and not Kafka's: what is
     * left of the difference when someone has set that. Only run when it is named.
     */
    KAFKA_TUNED("kafka-tuned"),
    /** A small C program on librdkafka, compiled on the spot. */
    LIBRDKAFKA("librdkafka"),
    /** librdkafka by way of {@code kcat}: in place of the above where there is no compiler. */
    KCAT("kcat"),
    /** A bare loop that fetches and throws the bytes away: the limit of the wire. */
    WIRE("wire"),
    /**
     * {@code WIRE} read in pieces of 128 KiB, as Surefoot reads it: the broker goes on sending while a piece is copied.
     * Only run when it is named.
     */
    WIRE_PIECES("wire-pieces");

    private final String label;

    Client(String label) {
        this.label = label;
    }

    /** The name in options, tables and JSON. */
    public String label() {
        return label;
    }

    /** The client with this label. */
    public static Optional<Client> ofLabel(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /** The labels of those that are run unless others are named; kcat takes librdkafka's place where it has to. */
    public static List<String> usualLabels() {
        return Arrays.stream(values())
                .filter(each -> each != KAFKA_TUNED && each != KCAT && each != WIRE_PIECES)
                .map(Client::label)
                .toList();
    }

    /** All labels, in the order of a table. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Client::label).toList();
    }
}
