package dev.surefoot.bench.throughput;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
    WIRE_PIECES("wire-pieces");

    private final String label;

    Client(String label) {
        this.label = label;
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
                .filter(each -> each != KAFKA_TUNED && each != KCAT && each != WIRE_PIECES)
                .map(Client::label)
                .toList();
    }

    /** Returns all labels, in the order of a table. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Client::label).toList();
    }
}
